comment on column public.interviews.feedback is null;

do $$
begin
  if exists (
    select
    from pg_catalog.pg_attribute
    where attrelid = 'public.interviews'::regclass and attname = 'feedback' and not attisdropped
  ) then
    alter table public.interviews rename column feedback to notes;
  end if;
end
$$;
