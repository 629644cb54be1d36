-- Clients take jobs back: a state of its own, apart from closed. The value is only added here;
-- a transaction cannot use an enum value that it added itself.

alter type public.job_status add value if not exists 'cancelled' after 'closed';
