# Copies of snapshots away from this host: to a bucket of S3 by curl, or to an NFS share that is mounted meanwhile.
# A copy is named <cluster>/<node>/<snapshot>. The keys of a bucket are in a file of curl's options, nowhere else.

readonly BACKUP_MOUNT=/run/infraplatform/backup
readonly S3_OPTIONS=$SECRETS/backup/s3.curl

# send_snapshot FILE
send_snapshot() {
	local name=$CLUSTER_NAME/$NODE_NAME/${1##*/}
	case ${BACKUP_TARGET:-local} in
	local) ;;
	s3)
		s3 "$name" "$(sha256sum "$1" | cut -d ' ' -f 1)" --upload-file "$1" ||
			fail "${1#"$ROOT"} is saved, but $BACKUP_S3_URL does not take it (see above); check bucket, region and keys"
		changed "copied it to $BACKUP_S3_URL/$name"
		;;
	nfs)
		on_share copy_to_share "$1" "$name" ||
			fail "${1#"$ROOT"} is saved, but $BACKUP_NFS does not take it (see above); check server, share and rights"
		changed "copied it to $BACKUP_NFS/$name"
		;;
	esac
}

# fetch_snapshot NAME FILE: a copy by its name, as send_snapshot says it.
fetch_snapshot() {
	local empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
	(
		umask 077
		case ${BACKUP_TARGET:-local} in
		s3) s3 "$1" "$empty" --output "$2" ;;
		nfs) on_share copy_from_share "$1" "$2" ;;
		*) say "the settings name no target of backups" && exit 1 ;;
		esac
	) || fail "the copy $1 cannot be fetched (see above); a name is <cluster>/<node>/<time>.snapshot"
}

# s3 NAME SHA256 CURL_OPTION...: a signed request; S3 wants the sum of what is sent, and curl 7.88 does not add it.
s3() {
	local name=$1 sum=$2
	shift 2
	proxied curl --config "$S3_OPTIONS" --fail --silent --show-error --retry 3 --connect-timeout 10 --max-time 900 \
		--header "x-amz-content-sha256: $sum" "$@" "$BACKUP_S3_URL/$name"
}

# on_share COMMAND...: with the share mounted at BACKUP_MOUNT.
on_share() {
	local status=0
	mkdir -p "$ROOT$BACKUP_MOUNT"
	mount -t nfs -o "$BACKUP_NFS_OPTIONS,nosuid,nodev,noexec" "$BACKUP_NFS" "$ROOT$BACKUP_MOUNT" || return 1
	"$@" || status=$?
	umount "$ROOT$BACKUP_MOUNT" || umount --lazy "$ROOT$BACKUP_MOUNT"
	return "$status"
}

# copy_to_share FILE NAME: whole or not at all; the oldest beyond BACKUP_KEEP go.
copy_to_share() {
	local target=$ROOT$BACKUP_MOUNT/$2 folder old
	folder=${target%/*}
	(umask 077 && mkdir -p "$folder" && cp "$1" "$folder/.new" && sync "$folder/.new" && mv -f "$folder/.new" "$target") ||
		return 1
	for old in $(newest_first "$folder" | tail -n "+$((BACKUP_KEEP + 1))"); do rm -f "$old"; done
}

copy_from_share() { cp "$ROOT$BACKUP_MOUNT/$1" "$2"; }

newest_first() { printf '%s\n' "$1"/*.snapshot | sort -r; }
