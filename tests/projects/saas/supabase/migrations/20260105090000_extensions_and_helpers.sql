-- What every later migration stands on: the private schema `app`, trigram search,
-- and the two trigger functions that keep the audit columns true.

create schema if not exists app;
comment on schema app is 'Helpers of the application: never exposed through the API.';
grant usage on schema app to authenticated, service_role;

create extension if not exists pg_trgm with schema extensions;

-- Stamps who created a row. A request of a user cannot write somebody else's name;
-- a job without a user (service_role, a migration) may name one.
create or replace function app.set_created_by()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.created_at := now();
  new.updated_at := new.created_at;
  new.created_by := coalesce(auth.uid(), new.created_by);
  new.updated_by := coalesce(auth.uid(), new.updated_by);
  return new;
end
$$;
comment on function app.set_created_by() is
  'Trigger: fills created_at, created_by, updated_at and updated_by of a new row.';
revoke execute on function app.set_created_by() from public;

-- Stamps who changed a row, and when; the creation stamps stay what they were.
create or replace function app.set_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.created_at := old.created_at;
  -- Deeper down it is a foreign key (on delete set null) that takes the creator away.
  if pg_trigger_depth() = 1 then
    new.created_by := old.created_by;
  end if;
  new.updated_at := now();
  new.updated_by := coalesce(auth.uid(), new.updated_by);
  return new;
end
$$;
comment on function app.set_updated_at() is
  'Trigger: fills updated_at and updated_by of a changed row and pins created_at and created_by.';
revoke execute on function app.set_updated_at() from public;
