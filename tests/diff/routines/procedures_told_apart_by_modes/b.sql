CREATE PROCEDURE settle(OUT total integer, IN account integer) LANGUAGE plpgsql AS $$ BEGIN total := account; END $$;
CREATE PROCEDURE settle(INOUT account integer, VARIADIC amounts integer[]) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
COMMENT ON PROCEDURE settle(INOUT integer, VARIADIC integer[]) IS 'several at once';
REVOKE EXECUTE ON PROCEDURE settle(INOUT integer, VARIADIC integer[]) FROM PUBLIC;
