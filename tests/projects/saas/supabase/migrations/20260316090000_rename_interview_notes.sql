-- The column never held notes in general, but what the client said afterwards.

-- dbctl:ignore rename-column: nothing reads the column yet but the recruiters' app, which is deployed with this migration
do $$
begin
  if exists (
    select
    from pg_catalog.pg_attribute
    where attrelid = 'public.interviews'::regclass and attname = 'notes' and not attisdropped
  ) then
    alter table public.interviews rename column notes to feedback;
  end if;
end
$$;

comment on column public.interviews.feedback is 'What the client said about the candidate after the interview.';
