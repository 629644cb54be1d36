-- stub of extension supabase_vault: does nothing, as the Supabase platform has vault.secrets already (unencrypted)
-- source: https://supabase.com/docs/guides/database/vault

do $$
begin
  if to_regclass('vault.secrets') is null then
    raise exception 'the stub of supabase_vault needs the Supabase platform, which brings schema vault'
      using hint = 'Set platform = "supabase" in section [local] of dbctl.toml.';
  end if;
end
$$;
