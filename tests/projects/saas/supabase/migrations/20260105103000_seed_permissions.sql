-- The catalogue of permissions, and the default ones for the roles of organizations that are
-- there already. A second run adds nothing; what an organization changed since stays changed.

insert into public.permissions (code, description, default_roles)
values
  ('organization.update', 'Change the name, address and settings of the organization', array['admin']),
  ('members.manage', 'Add, change and remove members', array['admin']),
  ('roles.manage', 'Define roles and give them to members', array['admin']),
  ('invitations.manage', 'Invite people and take invitations back', array['admin']),
  ('billing.read', 'See the subscription', array['admin']),
  ('audit.read', 'Read the audit log', array['admin']),
  ('clients.read', 'See clients', array['admin', 'recruiter', 'viewer']),
  ('clients.write', 'Add and change clients', array['admin', 'recruiter']),
  ('clients.delete', 'Delete clients, see deleted ones and restore them', array['admin']),
  ('jobs.read', 'See jobs', array['admin', 'recruiter', 'viewer']),
  ('jobs.write', 'Add and change jobs', array['admin', 'recruiter']),
  ('jobs.delete', 'Delete jobs, see deleted ones and restore them', array['admin']),
  ('candidates.read', 'See candidates', array['admin', 'recruiter', 'viewer']),
  ('candidates.write', 'Add and change candidates', array['admin', 'recruiter']),
  ('candidates.delete', 'Delete candidates, see deleted ones and restore them', array['admin']),
  ('submissions.read', 'See submissions', array['admin', 'recruiter', 'viewer']),
  ('submissions.write', 'Add and change submissions', array['admin', 'recruiter']),
  ('submissions.delete', 'Delete submissions, see deleted ones and restore them', array['admin']),
  ('interviews.read', 'See interviews', array['admin', 'recruiter', 'viewer']),
  ('interviews.write', 'Add and change interviews', array['admin', 'recruiter']),
  ('interviews.delete', 'Delete interviews, see deleted ones and restore them', array['admin']),
  ('workplans.read', 'See workplans and activities', array['admin', 'recruiter', 'viewer']),
  ('workplans.write', 'Add and change workplans and activities', array['admin', 'recruiter']),
  ('workplans.delete', 'Delete workplans and activities, see deleted ones and restore them', array['admin'])
on conflict (code) where deleted_at is null do nothing;

select app.provision_roles(o.id) from public.organizations as o;
