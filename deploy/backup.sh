#!/bin/sh
# A backup of database and files, for the sample of docs/operations.md: PostgreSQL 17 or newer with
# summarize_wal=on and archive_command into $BACKUPS/wal. `backup.sh` chooses the kind: a full
# backup on Sundays and at first, otherwise the changes since the last one. `backup.sh full` forces
# a full one.
#
#   BACKUPS   the folder, on another machine or copied there
#   FILES     the folder of LK_FILES_URL; unset: files are in S3, which keeps versions itself
#   DAYS      for how many days any moment can be restored (28)
#   PGHOST, PGUSER, … as for all programs of PostgreSQL; the role needs REPLICATION
set -eu
PATH=$PATH$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 | sed 's/^/:/')
: "${BACKUPS:?is not set: the folder of the backups}"
base=$BACKUPS/base files=$BACKUPS/files wal=$BACKUPS/wal
mkdir -p "$base" "$files" "$wal"
umask 077

last=$(ls "$base" | grep -v '\.part$' | tail -n 1)
kind=incremental
if [ -z "$last" ] || [ "${1:-}" = full ]; then kind=full; fi
if [ "$(date +%u)" = 7 ] && [ -z "$(find "$base" -maxdepth 1 -name '*-full' -mtime -6)" ]; then
    kind=full
fi

# after a restore or a failover, the changes since a backup of before can't be read
timeline=$(psql -XAt -d postgres -c 'SELECT timeline_id FROM pg_control_checkpoint()')
if [ -n "$last" ] && ! grep -q "\"Timeline\": $timeline," "$base/$last/backup_manifest"; then
    kind=full
fi

part=$base/$$.part
trap 'rm -rf "$part"' EXIT
if [ $kind = full ]; then
    pg_basebackup --pgdata="$part" --checkpoint=fast
else
    pg_basebackup --pgdata="$part" --checkpoint=fast --incremental="$base/$last/backup_manifest"
fi
pg_verifybackup --quiet "$part"
# named by the time of its end: only later moments can be restored from it
mv "$part" "$base/$(date -u +%Y%m%dT%H%M%SZ)-$kind"

# after the database, so that the copy has all files that it names; unchanged files are linked
if [ -n "${FILES:-}" ]; then
    previous=$(ls "$files" | grep -v '\.part$' | tail -n 1)
    rsync --archive ${previous:+--link-dest="$files/$previous"} "$FILES/" "$files/$$.part/" ||
        [ $? = 24 ]  # a file was deleted meanwhile
    mv "$files/$$.part" "$files/$(date -u +%Y%m%dT%H%M%SZ)"
fi

# keep the newest full backup that is older than DAYS, and all later backups
days=${DAYS:-28}
oldest=$(find "$base" -maxdepth 1 -name '*-full' -mtime "+$days" | sort | tail -n 1)
if [ -n "$oldest" ]; then
    for backup in "$base"/*; do
        if expr "$backup" \< "$oldest" >/dev/null; then rm -rf "$backup"; fi
    done
    pg_archivecleanup "$wal" "$(sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p' "$oldest/backup_label")"
    find "$files" -mindepth 1 -maxdepth 1 -mtime "+$((days + 7))" -exec rm -rf {} +
fi
