# The account of the exporter. The image runs this once, when it makes the database.
docker_process_sql <<SQL
CREATE USER exporter@'%' IDENTIFIED BY '$(cat /run/secrets/db_exporter_password)' WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICA MONITOR, SELECT ON *.* TO exporter@'%';
SQL
