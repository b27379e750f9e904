# Certificates of a control plane end after a year; kubeadm signs new ones with the CAs that are there.

readonly RENEW_DAYS=90

# verb_renew [all]: where one ends within RENEW_DAYS (or with `all`) renew all of them, then restart what
# has read them.
verb_renew() {
	local file soon=${1:-}
	member_control_plane || fail "is no control plane of a cluster; a worker's kubelet renews its own certificates"
	for file in "$KUBERNETES"/pki/*.crt "$KUBERNETES"/pki/etcd/*.crt; do
		[[ $file == *ca.crt ]] || is_not_ours "$file" || (($(days_left "$file") > RENEW_DAYS)) || soon=$file
	done
	[[ -z $soon ]] || renew_all
	registry_certificate
	finished renew
}

# is_not_ours FILE: external etcd's own people sign its clients' certificates; a new one comes with the secrets.
is_not_ours() { has_external_etcd && [[ $1 == */apiserver-etcd-client.crt ]]; }

renew_all() {
	kubeadm_run certs renew all
	changed "renewed the certificates"
	restart_static_pods etcd kube-apiserver kube-controller-manager kube-scheduler kube-vip
}

# renew_if_declared: another value of cluster.rotate.certificates renews them now.
renew_if_declared() {
	[[ $(cat "$STATE/certificates" 2>/dev/null || echo 1) != "$CERTIFICATES" ]] || return 0
	renew_all
	write "$STATE/certificates" 0644 <<<"$CERTIFICATES" || true
}

# restart_readers: the API server and the controller manager read some files only when they start.
restart_readers() {
	[[ $(read_files) != "$(cat "$STATE/read" 2>/dev/null)" ]] || return 0
	restart_static_pods kube-apiserver kube-controller-manager
	note_read
}

# read_files: what tells them apart.
read_files() {
	local files
	mapfile -t files < <(sed -n 's/^ *hostPath: \(\/etc\/infraplatform\/\)/\1/p' "$CONFIG/init.yaml" 2>/dev/null)
	cat "${files[@]/#/$ROOT}" "$KUBERNETES/pki/encryption.yaml" "$KUBERNETES"/pki/sa.* \
		${ETCD_ENDPOINTS:+"$KUBERNETES"/pki/etcd/ca.crt "$KUBERNETES"/pki/apiserver-etcd-client.crt} 2>/dev/null | sha256sum
}

note_read() { write "$STATE/read" 0644 < <(read_files) || true; }

# restart_static_pods NAME...: manifests that go and come back are the only way to say it to the kubelet. All at once:
# the host's API server is away once, and what an interrupted run left aside comes back, too. Etcd ends last: without it
# the API server cannot answer those whom it still has to, and is killed after 30 seconds.
restart_static_pods() {
	local name
	mkdir -p "$STATE/stopped"
	for name; do [[ $name == etcd ]] || stop_static_pod "$name"; done
	for name; do [[ $name == etcd ]] || wait_until 90 "$name to end" static_pod_ended "$name" || true; done
	if [[ " $* " == *' etcd '* ]]; then
		stop_static_pod etcd
		wait_until 90 'etcd to end' static_pod_ended etcd || true
	fi
	mv "$STATE"/stopped/*.yaml "$KUBERNETES/manifests/"
	for name; do
		[[ ! -f $KUBERNETES/manifests/$name.yaml ]] || wait_until 180 "$name and the API server" static_pod_runs "$name" ||
			fail "$name does not start again; read \`journalctl -u kubelet\`"
	done
	changed "restarted $*"
}

stop_static_pod() {
	[[ ! -f $KUBERNETES/manifests/$1.yaml ]] || mv "$KUBERNETES/manifests/$1.yaml" "$STATE/stopped/"
}

# The kernel keeps 15 letters of a process's name.
static_pod_ended() { ! pgrep -x "${1:0:15}"; }
static_pod_runs() { pgrep -x "${1:0:15}" && api_ready "$NODE_ADDRESS"; }
