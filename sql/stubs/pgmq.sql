-- stub of extension pgmq: queues work over real tables; partitioned queues, read_with_poll, headers and topics are missing
-- source: https://supabase.com/docs/guides/queues/pgmq
-- source: https://pgmq.github.io/pgmq/

create schema if not exists pgmq;

create table if not exists pgmq.meta (
  queue_name varchar unique not null,
  is_partitioned boolean not null,
  is_unlogged boolean not null,
  created_at timestamptz not null default now()
);

do $$
begin
  if to_regtype('pgmq.message_record') is null then
    create type pgmq.message_record as (
      msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb
    );
    create type pgmq.queue_record as (
      queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz
    );
  end if;
end
$$;

create or replace function pgmq._create(queue_name text, unlogged boolean) returns void
  language plpgsql set search_path = '' as $$
begin
  if length(queue_name) > 47 then
    raise exception 'queue name is too long, maximum length is 47 characters';
  end if;
  execute format(
    'create %s table if not exists pgmq.%I (
       msg_id bigint primary key generated always as identity,
       read_ct integer not null default 0,
       enqueued_at timestamptz not null default now(),
       vt timestamptz not null,
       message jsonb
     )',
    case when unlogged then 'unlogged' end, 'q_' || lower(queue_name)
  );
  execute format(
    'create table if not exists pgmq.%I (
       msg_id bigint primary key,
       read_ct integer not null default 0,
       enqueued_at timestamptz not null default now(),
       archived_at timestamptz not null default now(),
       vt timestamptz not null,
       message jsonb
     )',
    'a_' || lower(queue_name)
  );
  execute format(
    'create index if not exists %I on pgmq.%I (vt)',
    'q_' || lower(queue_name) || '_vt_idx', 'q_' || lower(queue_name)
  );
  insert into pgmq.meta (queue_name, is_partitioned, is_unlogged)
  values (queue_name, false, unlogged)
  on conflict do nothing;
end
$$;

create or replace function pgmq."create"(queue_name text) returns void
  language sql as 'select pgmq._create(queue_name, false)';

create or replace function pgmq.create_non_partitioned(queue_name text) returns void
  language sql as 'select pgmq._create(queue_name, false)';

create or replace function pgmq.create_unlogged(queue_name text) returns void
  language sql as 'select pgmq._create(queue_name, true)';

create or replace function pgmq.drop_queue(queue_name text) returns boolean
  language plpgsql set search_path = '' as $$
begin
  execute format('drop table if exists pgmq.%I, pgmq.%I', 'q_' || lower(queue_name), 'a_' || lower(queue_name));
  delete from pgmq.meta where meta.queue_name = drop_queue.queue_name;
  return found;
end
$$;

create or replace function pgmq.list_queues() returns setof pgmq.queue_record
  language sql stable as 'select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta order by queue_name';

create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0)
  returns setof bigint language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message)
     select clock_timestamp() + make_interval(secs => $2), m from unnest($1) m
     returning msg_id',
    'q_' || lower(queue_name)
  ) using msgs, delay;
end
$$;

create or replace function pgmq.send(queue_name text, msg jsonb, delay integer default 0)
  returns setof bigint language sql as 'select * from pgmq.send_batch(queue_name, array[msg], delay)';

create or replace function pgmq.read(queue_name text, vt integer, qty integer)
  returns setof pgmq.message_record language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'update pgmq.%1$I q
     set vt = clock_timestamp() + make_interval(secs => $1), read_ct = q.read_ct + 1
     where q.msg_id in (
       select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit $2 for update skip locked
     )
     returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message',
    'q_' || lower(queue_name)
  ) using vt, qty;
end
$$;

create or replace function pgmq.pop(queue_name text)
  returns setof pgmq.message_record language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'delete from pgmq.%1$I q
     where q.msg_id = (
       select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1 for update skip locked
     )
     returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message',
    'q_' || lower(queue_name)
  );
end
$$;

create or replace function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
  returns setof pgmq.message_record language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'update pgmq.%I q set vt = clock_timestamp() + make_interval(secs => $2) where q.msg_id = $1
     returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message',
    'q_' || lower(queue_name)
  ) using msg_id, vt;
end
$$;

create or replace function pgmq.delete(queue_name text, msg_ids bigint[])
  returns setof bigint language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'delete from pgmq.%I where msg_id = any($1) returning msg_id', 'q_' || lower(queue_name)
  ) using msg_ids;
end
$$;

create or replace function pgmq.delete(queue_name text, msg_id bigint) returns boolean
  language sql as 'select exists (select from pgmq.delete(queue_name, array[msg_id]))';

create or replace function pgmq.archive(queue_name text, msg_ids bigint[])
  returns setof bigint language plpgsql set search_path = '' as $$
begin
  return query execute format(
    'with gone as (
       delete from pgmq.%I where msg_id = any($1) returning msg_id, read_ct, enqueued_at, vt, message
     )
     insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message)
     select msg_id, read_ct, enqueued_at, vt, message from gone
     returning msg_id',
    'q_' || lower(queue_name), 'a_' || lower(queue_name)
  ) using msg_ids;
end
$$;

create or replace function pgmq.archive(queue_name text, msg_id bigint) returns boolean
  language sql as 'select exists (select from pgmq.archive(queue_name, array[msg_id]))';

create or replace function pgmq.purge_queue(queue_name text) returns bigint
  language plpgsql set search_path = '' as $$
declare
  purged bigint;
begin
  execute format('delete from pgmq.%I', 'q_' || lower(queue_name));
  get diagnostics purged = row_count;
  return purged;
end
$$;
