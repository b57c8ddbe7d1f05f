# Private MariaDB, Redis, clamd and dovecot servers for tests, on free loopback ports, in a folder of their own. Source this file;
# `stop_services` stops the started ones. Sets AFPI_TEST_MARIADB_URL, AFPI_TEST_REDIS_URL,
# AFPI_TEST_REDIS_CLUSTER, AFPI_TEST_CLAMD, AFPI_TEST_IMAP and AFPI_TEST_IMAP_CA.

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

# Six nodes: three masters with a replica each. Where none can be made, its tests say that they are skipped.
start_redis_cluster() {
    need redis-server redis-server
    local port folder nodes=()
    for _ in 1 2 3 4 5 6; do
        # A node also listens on the port 10 000 higher.
        port="$((20000 + $(free_port) % 30000))"
        folder="$SERVICES_DIR/node-$port"
        mkdir -p "$folder"
        # No test ends a node. On a machine with much to do a short timeout would promote a replica, and lose writes.
        redis-server --bind 127.0.0.1 --port "$port" --dir "$folder" --save "" --appendonly yes --maxmemory-policy noeviction \
            --cluster-enabled yes --cluster-node-timeout 30000 >"$folder/redis.log" 2>&1 &
        SERVICE_PIDS+=("$!")
        nodes+=("127.0.0.1:$port")
    done
    for node in "${nodes[@]}"; do
        for _ in $(seq 50); do redis-cli -p "${node#*:}" ping >/dev/null 2>&1 && break; sleep 0.1; done
    done
    if ! redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >"$SERVICES_DIR/cluster.log" 2>&1; then
        echo "== skipped: tests on a cluster of Redis, because none can be made here"
        return 0
    fi
    for node in "${nodes[@]}"; do
        for _ in $(seq 100); do redis-cli -p "${node#*:}" cluster info 2>/dev/null | grep -q cluster_state:ok && break; sleep 0.1; done
    done
    AFPI_TEST_REDIS_CLUSTER="$(IFS=,; echo "${nodes[*]}")"
    export AFPI_TEST_REDIS_CLUSTER
}

# clamd of the package clamav-daemon, with its library. The package itself is not installed: it would start a service,
# and fetch signatures.
need_clamd() {
    local kept="${AFPI_CI_CACHE:-$HOME/.cache/afpi-ci}/clamd" package
    CLAMD="$(command -v clamd || echo /usr/sbin/clamd)"
    [ ! -x "$CLAMD" ] || return 0
    CLAMD="$kept/usr/sbin/clamd"
    ! "$CLAMD" --help >/dev/null 2>&1 || return 0
    command -v apt-get >/dev/null 2>&1 || return 1
    mkdir -p "$kept"
    if ! (cd "$kept" && apt-get download -qq clamav-daemon && dpkg-deb -x clamav-daemon_*.deb .) >"$SERVICES_DIR/clamd-install.log" 2>&1; then
        return 1
    fi
    package="$(dpkg-deb -f "$kept"/clamav-daemon_*.deb Depends | grep -oE 'libclamav[0-9]+' | head -1)"
    (need libclamav "$package") || return 1
    "$CLAMD" --help >/dev/null 2>&1
}

# Its only signature is one of our own. Tests without it say that they are skipped.
start_clamd() {
    local port
    if ! need_clamd; then
        echo "== skipped: the test with a real clamd, because Debian's package clamav-daemon cannot be had"
        return 0
    fi
    port="$(free_port)"
    mkdir -p "$SERVICES_DIR/clamd"
    # AFPI-TEST-VIRUS, in hexadecimal digits, anywhere in a file of any kind.
    echo 'AFPI.Test.Virus:0:*:414650492d544553542d5649525553' >"$SERVICES_DIR/clamd/afpi.ndb"
    cat >"$SERVICES_DIR/clamd.conf" <<EOF
DatabaseDirectory $SERVICES_DIR/clamd
TCPSocket $port
TCPAddr 127.0.0.1
LogFile $SERVICES_DIR/clamd.log
TemporaryDirectory $SERVICES_DIR
Foreground yes
StreamMaxLength 1M
EOF
    "$CLAMD" --config-file="$SERVICES_DIR/clamd.conf" >"$SERVICES_DIR/clamd.out" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            export AFPI_TEST_CLAMD="127.0.0.1:$port"
            return 0
        fi
        sleep 0.2
    done
    echo "clamd did not start:" >&2; tail -20 "$SERVICES_DIR/clamd.log" "$SERVICES_DIR/clamd.out" >&2; exit 1
}

need_dovecot() { (need dovecot dovecot-imapd) >"$SERVICES_DIR/dovecot-install.log" 2>&1; }

# A mail server that everybody may sign in to with the password `secret`: each name has a mailbox of its own. Only over TLS,
# with a certificate of an authority of its own. Tests without it say that they are skipped.
start_dovecot() {
    local port home="$SERVICES_DIR/dovecot" me mailer users=""
    if ! need_dovecot; then
        echo "== skipped: the tests with a real mailbox, because Debian's package dovecot-imapd cannot be had"
        return 0
    fi
    me="$(id -un)" mailer="$me"
    # Started by root it needs users of its own, who are there with the package; otherwise it can only be one.
    if [ "$(id -u)" = 0 ]; then mailer=mail; else users="default_internal_user = $me
default_internal_group = $(id -gn)
default_login_user = $me"; fi
    port="$(free_port)"
    mkdir -p "$home/mail"
    chmod 755 "$SERVICES_DIR" "$home"
    # The user of the mails passes through the folder above, too.
    chmod o+x "$(dirname "$SERVICES_DIR")"
    {
        openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=Test authority" -days 30 -keyout "$home/ca.key" -out "$home/ca.pem"
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$home/key.pem" -out "$home/request.pem"
        echo "subjectAltName=IP:127.0.0.1" >"$home/names"
        openssl x509 -req -in "$home/request.pem" -CA "$home/ca.pem" -CAkey "$home/ca.key" -CAcreateserial -days 30 \
            -extfile "$home/names" -out "$home/cert.pem"
    } >"$home/openssl.log" 2>&1
    [ "$mailer" = "$me" ] || chown "$mailer" "$home/mail"
    cat >"$home/dovecot.conf" <<EOF
$users
base_dir = $home/run
log_path = $home/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <$home/cert.pem
ssl_key = <$home/key.pem
mail_location = maildir:$home/mail/%u
mail_uid = $mailer
mail_gid = $(id -gn "$mailer")
first_valid_uid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = home=$home/mail/%u
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $port
    ssl = yes
  }
}
EOF
    "$(command -v dovecot || echo /usr/sbin/dovecot)" -F -c "$home/dovecot.conf" >"$home/out" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            export AFPI_TEST_IMAP="127.0.0.1:$port" AFPI_TEST_IMAP_CA="$home/ca.pem"
            return 0
        fi
        sleep 0.1
    done
    echo "dovecot did not start:" >&2; tail -20 "$home/dovecot.log" "$home/out" >&2; exit 1
}

stop_services() {
    for pid in "${SERVICE_PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${SERVICE_PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$SERVICES_DIR"
}
