# What a control plane gives the whole cluster.

# cluster_services: the manifests in their order; each may be applied again at any time, by any control plane.
cluster_services() {
	local manifest
	wait_until 180 "this host's own API server" api_ready "$NODE_ADDRESS" ||
		fail "its API server does not answer; read \`crictl logs\` of kube-apiserver on this host"
	secret_manifests
	registry_certificate
	for manifest in "$CONFIG"/manifests/*.yaml; do
		apply_manifest "$manifest"
	done
	install_charts network
}

apply_manifest() {
	kubectl_admin apply --server-side --force-conflicts --field-manager infraplatform --filename "$1" >/dev/null ||
		fail "${1#"$CONFIG/"} cannot be applied; see the message above"
}

# secret_manifests: before the others, which use what is in them. What kubectl says of them is no one's to read.
secret_manifests() {
	local manifest log=$STATE/secret-manifests.log
	(umask 077 && : >"$log")
	for manifest in "$SECRETS"/manifests/*.yaml; do
		kubectl_admin apply --server-side --force-conflicts --field-manager infraplatform --filename "$manifest" \
			>/dev/null 2>"$log" || fail "${manifest##*/} cannot be applied; read ${log#"$ROOT"}, which may hold secrets"
	done
	rm -f "$log"
}

# host_services: what a control plane does by itself, by the clock. Each host's clock is its own, and a delay by chance
# keeps control planes from doing the same thing at the same time.
host_services() {
	if ! has_external_etcd; then
		timer backup 'saves a snapshot of etcd' daily 1h
		timer defragment 'gives back the room that etcd no longer uses' weekly 12h
	fi
	timer renew 'renews certificates that end soon' weekly 12h
	unit infraplatform-approve.service <<-UNIT
		[Unit]
		Description=infraplatform: approves the serving certificates of listed nodes
		After=network-online.target

		[Service]
		ExecStart=$PROGRAM approve
		Restart=always
		RestartSec=5

		[Install]
		WantedBy=multi-user.target
	UNIT
}

# timer VERB WHAT CALENDAR DELAY
timer() {
	write "$ROOT/etc/systemd/system/infraplatform-$1.service" 0644 <<-UNIT || true
		[Unit]
		Description=infraplatform: $2

		[Service]
		Type=oneshot
		ExecStart=$PROGRAM $1
	UNIT
	unit "infraplatform-$1.timer" <<-UNIT
		[Unit]
		Description=infraplatform: $2, $3

		[Timer]
		OnCalendar=$3
		RandomizedDelaySec=$4
		Persistent=true

		[Install]
		WantedBy=timers.target
	UNIT
}
