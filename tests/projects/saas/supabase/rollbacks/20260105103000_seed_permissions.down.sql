-- Rows of role_permissions that point to these go with them (on delete cascade).
delete from public.permissions
where code in (
  'organization.update',
  'members.manage',
  'roles.manage',
  'invitations.manage',
  'billing.read',
  'audit.read',
  'clients.read',
  'clients.write',
  'clients.delete',
  'jobs.read',
  'jobs.write',
  'jobs.delete',
  'candidates.read',
  'candidates.write',
  'candidates.delete',
  'submissions.read',
  'submissions.write',
  'submissions.delete',
  'interviews.read',
  'interviews.write',
  'interviews.delete',
  'workplans.read',
  'workplans.write',
  'workplans.delete'
);
