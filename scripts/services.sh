# Private MariaDB and Redis servers for tests, on free loopback ports, in a folder of their own. Source this file;
# `stop_services` stops the started ones. Sets AFPI_TEST_MARIADB_URL and AFPI_TEST_REDIS_URL.

. "$(dirname "${BASH_SOURCE[0]}")/need.sh"

SERVICES_DIR="$(mktemp -d)"
SERVICE_PIDS=()

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_mariadb() {
    need mariadbd mariadb-server
    local data="$SERVICES_DIR/mariadb" port
    port="$(free_port)"
    mkdir -p "$data"
    mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >"$SERVICES_DIR/install.log" 2>&1
    "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --user="$(id -un)" --datadir="$data" --bind-address=127.0.0.1 --port="$port" \
        --socket="$SERVICES_DIR/m.sock" --pid-file="$SERVICES_DIR/m.pid" --innodb-flush-log-at-trx-commit=2 --max-connections=400 \
        >"$SERVICES_DIR/mariadb.log" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 100); do
        if mariadb-admin --no-defaults --host=127.0.0.1 --port="$port" --user=root ping >/dev/null 2>&1; then
            export AFPI_TEST_MARIADB_URL="mysql://root@127.0.0.1:$port"
            return 0
        fi
        sleep 0.2
    done
    echo "MariaDB did not start:" >&2; tail -20 "$SERVICES_DIR/mariadb.log" >&2; exit 1
}

start_redis() {
    need redis-server redis-server
    local port
    port="$(free_port)"
    redis-server --bind 127.0.0.1 --port "$port" --dir "$SERVICES_DIR" --save "" --appendonly yes --maxmemory-policy noeviction \
        >"$SERVICES_DIR/redis.log" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 50); do
        if redis-cli -h 127.0.0.1 -p "$port" ping >/dev/null 2>&1; then
            export AFPI_TEST_REDIS_URL="redis://127.0.0.1:$port"
            return 0
        fi
        sleep 0.1
    done
    echo "Redis did not start:" >&2; tail -20 "$SERVICES_DIR/redis.log" >&2; exit 1
}

stop_services() {
    for pid in "${SERVICE_PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${SERVICE_PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$SERVICES_DIR"
}
