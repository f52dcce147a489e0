# The role of the processes, which doesn't own the tables. PostgreSQL's image runs this script once,
# when it creates the database (compose.yaml). `lk migrate grant lk` grants the role its rights.
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$ROLE_PASSWORD" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE lk LOGIN PASSWORD :'password';
SQL
