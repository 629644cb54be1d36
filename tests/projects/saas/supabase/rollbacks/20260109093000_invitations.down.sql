drop function if exists public.accept_invitation(text);
drop function if exists app.accept_invitation(text);
drop function if exists public.invite_member(uuid, text, uuid);
drop function if exists app.hash_token(text);
drop table if exists public.invitations;
drop type if exists public.invitation_status;
