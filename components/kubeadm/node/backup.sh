# Snapshots of etcd: `backup` saves one, `restore FILE` makes a cluster of one control plane from it.

verb_backup() {
	member_control_plane || fail "is no control plane of a cluster; back up on one that is"
	refuse_external_etcd backup
	back_up
	finished backup
}

back_up() {
	save_snapshot "$NODE_ADDRESS"
	send_snapshot "$SNAPSHOT"
}

# save_snapshot ADDRESS: of a control plane's own member: a snapshot on this host whose own checksum is right, named by
# its time; SNAPSHOT is its path, and the oldest beyond BACKUP_KEEP go. etcd sends it in pieces of JSON, so nothing but
# curl is needed; its last 32 bytes are the sha256 of all before.
save_snapshot() {
	local at=$1 folder new piece old
	folder=$ROOT$BACKUP_DIRECTORY
	(umask 077 && mkdir -p "$folder")
	new=$folder/.new
	room "$folder" 200
	(
		umask 077
		etcd_call "$at" /v3/maintenance/snapshot --data '{}' --max-time 600 |
			grep -oE '"blob":"[^"]*"' | while IFS= read -r piece; do
			base64 -d <<<"${piece:8:-1}"
		done >"$new"
	)
	snapshot_is_whole "$new" || {
		rm -f "$new"
		fail "the snapshot of etcd at $at is not whole; see the message above, and run this again"
	}
	SNAPSHOT=$folder/$(date -u +%Y%m%dT%H%M%SZ).snapshot
	mv -f "$new" "$SNAPSHOT"
	changed "saved ${SNAPSHOT#"$ROOT"}"
	for old in $(newest_first "$folder" | tail -n "+$((BACKUP_KEEP + 1))"); do
		rm -f "$old"
		changed "removed ${old#"$ROOT"}"
	done
}

refuse_external_etcd() {
	! has_external_etcd || fail "its etcd is external ($ETCD_ENDPOINTS); $1 is for whoever runs that"
}

snapshot_is_whole() {
	local bytes
	bytes=$(stat -c %s "$1")
	((bytes > 32)) &&
		[[ $(head -c -32 "$1" | sha256sum | cut -d ' ' -f 1) == "$(tail -c 32 "$1" | od -An -v -tx1 | tr -d ' \n')" ]]
}

# verb_restore FILE: what was in the cluster after the snapshot is lost; the old data is kept beside. Other control
# planes belong to the old etcd: reset them and join them anew.
verb_restore() {
	local file=${1:-} old=$ROOT/var/lib/etcd.before-restore
	member_control_plane || fail "is no control plane of a cluster; restore on one that is"
	refuse_external_etcd restore
	if [[ $file == copy:* ]]; then
		fetch_snapshot "${file#copy:}" "$STATE/copy.snapshot"
		file=$STATE/copy.snapshot
	fi
	[[ -f $file ]] || fail "restore needs a snapshot's file; ${BACKUP_DIRECTORY} has them"
	has etcdutl || fail "etcdutl is missing; list etcd under the downloads"
	snapshot_is_whole "$file" || fail "$file is not a whole snapshot; take another"
	[[ ! -e $old ]] || fail "${old#"$ROOT"} is there from an earlier restore; move it away"
	stop_static_pods
	mv "$ROOT/var/lib/etcd" "$old"
	# Watchers must not see old revisions again as new ones: the revision jumps, and all before counts as compacted.
	etcdutl snapshot restore "$file" --name "$NODE_NAME" --data-dir "$ROOT/var/lib/etcd" \
		--initial-cluster "$NODE_NAME=https://$NODE_ADDRESS:2380" \
		--initial-advertise-peer-urls "https://$NODE_ADDRESS:2380" \
		--bump-revision 1000000000 --mark-compacted >/dev/null 2>"$STATE/restore.log" || {
		cat "$STATE/restore.log" >&2
		rm -rf "$ROOT/var/lib/etcd"
		mv "$old" "$ROOT/var/lib/etcd"
		start_static_pods
		fail "the snapshot cannot be restored (see above); the old data is in its place again"
	}
	chmod 0700 "$ROOT/var/lib/etcd"
	start_static_pods
	changed "restored etcd from $file; the old data is in ${old#"$ROOT"}"
	finished restore
}

# stop_static_pods: the kubelet ends the pods whose manifests are gone.
stop_static_pods() {
	mkdir -p "$STATE/stopped"
	stop_static_pod kube-apiserver # first, as it ends by force where its etcd is gone
	wait_until 60 'the API server to end' static_pod_ended kube-apiserver || true
	mv "$KUBERNETES"/manifests/*.yaml "$STATE/stopped/"
	wait_until 120 'etcd to end' etcd_ended || {
		start_static_pods
		fail "etcd does not end; read \`journalctl -u kubelet\`"
	}
}

etcd_ended() { [[ -z $(ss -Hltn "sport = :2379") && -z $(ss -Hltn "sport = :$API_PORT") ]]; }

start_static_pods() {
	mv "$STATE"/stopped/*.yaml "$KUBERNETES/manifests/"
	wait_until 300 "this host's own API server" api_answers "$NODE_ADDRESS" ||
		fail "its API server does not answer; read \`journalctl -u kubelet\`"
}

# verb_defragment: this member only, and only while every member is well: it answers nobody meanwhile.
verb_defragment() {
	local id name peer role
	member_control_plane || fail "is no control plane of a cluster"
	refuse_external_etcd defragment
	while read -r id name peer role; do
		etcd_healthy "$peer" || fail "etcd member $id ($name, $role) is not healthy; mend it first"
	done < <(etcd_members "$NODE_ADDRESS")
	etcd_call "$NODE_ADDRESS" /v3/maintenance/defragment --data '{}' --max-time 300 >/dev/null
	say "etcd is defragmented"
}
