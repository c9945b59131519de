-- Run once in the new database, as a superuser; the test suite runs this very file.
-- lth_owner owns the tables and runs the migrations; lth_app is what the application signs in as;
-- lth_backup (LOGIN BYPASSRLS) reads every row, for `lth backup` and pg_dump, and writes none.
-- What lth_app may do with which table, and with which rows of it, the migrations say.
ALTER SCHEMA public OWNER TO lth_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lth_app, lth_backup;

-- What lth_owner makes from now on, lth_backup may read.
ALTER DEFAULT PRIVILEGES FOR ROLE lth_owner IN SCHEMA public GRANT SELECT ON TABLES TO lth_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lth_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO lth_backup;

-- Nobody makes tables or functions elsewhere that could be taken for those of the migrations.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO lth_app, lth_backup', current_database());
END $$;
