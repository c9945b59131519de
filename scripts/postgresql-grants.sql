-- Run once in the new database, as a superuser; the test suite runs this very file.
-- lth_owner owns the tables and runs the migrations; lth_app is what the application signs in as.
-- What lth_app may do with which table, and with which rows of it, the migrations say.
ALTER SCHEMA public OWNER TO lth_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lth_app;
