#!/bin/sh
# Create a data folder from the backups, with the database as it was at a moment:
#
#   BACKUPS=/var/backups/lk restore.sh '2026-11-30 12:00:00+07' /var/lib/postgresql/18/restored [files]
#
# Start PostgreSQL on the folder: it replays the archived changes up to the moment, and then accepts
# connections. The third argument is a folder for the files, which are copied from the first backup
# after the moment. That backup has all files that the database names, and perhaps later files that
# it doesn't name. If there is none, the last backup is copied, and a warning says of what time it is.
# Run it as root, and give the folders to their users (docs/operations.md).
set -eu
PATH=$PATH$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 | sed 's/^/:/')
umask 077
: "${BACKUPS:?is not set: the folder of the backups}"
moment=$1 data=$2 files=${3:-}
base=$BACKUPS/base
until=$(date -u -d "$moment" +%Y%m%dT%H%M%SZ)

# the newest full backup that ended before the moment, and the incremental ones after it
chain=
for backup in "$base"/*-full "$base"/*-incremental; do echo "$backup"; done | sort >"$data.chain"
while read -r backup; do
    [ -d "$backup" ] || continue
    ended=$(basename "$backup" | cut -d- -f1)
    if expr "$ended" \> "$until" >/dev/null; then continue; fi
    case $backup in *-full) chain= ;; esac
    chain="$chain $backup"
done <"$data.chain"
rm "$data.chain"
[ -n "$chain" ] || { echo "No backup had ended by $moment." >&2; exit 1; }

if [ -n "$files" ]; then
    copy=
    for folder in "$BACKUPS"/files/*; do
        case $folder in *.part) continue ;; esac
        copy=$folder
        if ! expr "$(basename "$copy")" \< "$until" >/dev/null; then break; fi
    done
    [ -d "$copy" ] || { echo "There are no files in $BACKUPS/files." >&2; exit 1; }
    if expr "$(basename "$copy")" \< "$until" >/dev/null; then
        echo "The last backup of the files ended at $(basename "$copy"): later files are missing." >&2
    fi
fi

# shellcheck disable=SC2086 # a list of folders without blanks
pg_combinebackup --output="$data" $chain
chmod 700 "$data"
cat >>"$data/postgresql.auto.conf" <<EOF
restore_command = 'cp "$BACKUPS/wal/%f" "%p"'
recovery_target_time = '$moment'
recovery_target_action = 'promote'
archive_mode = 'off'    # remove these four lines when the restored database goes into service
EOF
touch "$data/recovery.signal"

if [ -n "$files" ]; then
    mkdir -p "$files"
    cp -a "$copy/." "$files/"
fi
