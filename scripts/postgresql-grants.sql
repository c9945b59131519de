-- Run once in the new database, as a superuser; the test suite runs this very file.
-- lth_owner owns the tables and runs the migrations; lth_app is what the application signs in as.
-- It may read and write rows, within the row-level security that the migrations set up, and change
-- no table.
ALTER SCHEMA public OWNER TO lth_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lth_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lth_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lth_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lth_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO lth_app;
