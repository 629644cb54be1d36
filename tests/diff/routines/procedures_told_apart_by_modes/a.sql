CREATE PROCEDURE settle(OUT total integer, IN account integer) LANGUAGE plpgsql AS $$ BEGIN total := account; END $$;
CREATE PROCEDURE settle(IN account integer, IN amount integer) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
