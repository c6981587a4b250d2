#!/usr/bin/env bash
# Starts or stops private, throw-away PostgreSQL and Redis servers on loopback.
#   vars=$(scripts/services.sh start) && eval "$vars"
#       exports CAREWIRE_TEST_POSTGRES, CAREWIRE_TEST_REDIS, CAREWIRE_TEST_PG_CTL, CAREWIRE_SERVICES
#   vars=$(scripts/services.sh start durable) ...
#       the same with fsync on: for torture runs and benchmarks of durable writes
#   scripts/services.sh stop "$CAREWIRE_SERVICES"
#   scripts/services.sh install
#       installs what is missing, from Debian's packages
set -euo pipefail

log() { printf '%s\n' "$*" >&2; }

# pg_bin prints the directory that has initdb and pg_ctl. Debian keeps them out of PATH.
pg_bin() {
	local d
	for d in /usr/lib/postgresql/*/bin; do
		[[ -x $d/initdb ]] && {
			printf '%s\n' "$d"
			return 0
		}
	done
	return 1
}

install_missing() {
	local -a want=("$@")
	pg_bin >/dev/null || want+=(postgresql)
	command -v redis-server >/dev/null || want+=(redis-server)
	((${#want[@]} == 0)) && return 0
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >&2
	apt-get install -y -qq --no-install-recommends "${want[@]}" >&2
}

free_port() {
	local p
	while :; do
		p=$((20000 + RANDOM % 12000))
		# A connect that is refused means that nothing listens there.
		(exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || {
			printf '%s\n' "$p"
			return 0
		}
	done
}

# as_pg runs a command as an unprivileged user: PostgreSQL refuses to run as root.
as_pg() {
	if [[ $(id -u) -eq 0 ]]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

start() {
	local fast="-c fsync=off -c synchronous_commit=off -c full_page_writes=off" redis_aof=no
	[[ ${1:-} == durable ]] && fast="" redis_aof=yes
	install_missing
	local dir bin pgport redisport
	dir=$(mktemp -d "${TMPDIR:-/tmp}/services.XXXXXX")
	chmod 755 "$dir"
	bin=$(pg_bin)
	mkdir "$dir/pg" "$dir/redis"
	[[ $(id -u) -eq 0 ]] && chown postgres "$dir/pg"
	cd "$dir"

	as_pg "$bin/initdb" -D "$dir/pg/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log"
	pgport=$(free_port)
	printf -- '-p %s -k %s -c listen_addresses=127.0.0.1 -c max_connections=200 %s' "$pgport" "$dir/pg" "$fast" >"$dir/pg.opts"
	as_pg "$bin/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/log" -w -t 60 -o "$(cat "$dir/pg.opts")" start >&2

	redisport=$(free_port)
	redis-server --port "$redisport" --bind 127.0.0.1 --save '' --appendonly "$redis_aof" --appendfsync always \
		--dir "$dir/redis" --daemonize yes --pidfile "$dir/redis/pid" --logfile "$dir/redis/log" >&2
	local i
	for i in $(seq 100); do
		[[ $(redis-cli -h 127.0.0.1 -p "$redisport" ping 2>/dev/null) == PONG ]] && break
		[[ $i -eq 100 ]] && {
			log "redis did not answer"
			return 1
		}
		sleep 0.1
	done

	printf 'export CAREWIRE_SERVICES=%q\n' "$dir"
	printf 'export CAREWIRE_TEST_POSTGRES=%q\n' "postgres://postgres@127.0.0.1:$pgport/postgres?sslmode=disable"
	printf 'export CAREWIRE_TEST_PG_CTL=%q\n' "$bin/pg_ctl"
	printf 'export CAREWIRE_TEST_REDIS=%q\n' "redis://127.0.0.1:$redisport/0"
}

stop() {
	local dir=${1:?the CAREWIRE_SERVICES that start printed}
	[[ -f $dir/pg/data/PG_VERSION ]] || {
		log "not a services directory: $dir"
		return 1
	}
	cd /
	as_pg "$(pg_bin)/pg_ctl" -D "$dir/pg/data" -m immediate -w stop >&2 || true
	if [[ -f $dir/redis/pid ]]; then
		kill "$(cat "$dir/redis/pid")" || true
	fi
	rm -rf -- "$dir"
}

case ${1:-} in
start) start "${2:-}" ;;
stop) stop "${2:-}" ;;
install) shift && install_missing "$@" ;;
*)
	log "usage: $0 start [durable] | stop DIR | install [PACKAGE ...]"
	exit 2
	;;
esac
