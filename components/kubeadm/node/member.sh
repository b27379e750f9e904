# `member`: this host becomes a node of the cluster and stays what its configuration says.
#
# /var/lib/infraplatform/joining   the cluster's name, from before the first step of kubeadm until the last
# /var/lib/infraplatform/founded   this host made the cluster's API; from here on nothing of it is ever taken back
# /var/lib/infraplatform/member    the Kubernetes version that this node runs; it is a member

verb_member() {
	load_node
	if [[ -f $STATE/member ]]; then
		receive_secrets take_secrets_of_member
		refuse_lost_quorum
		bring_up_to_date
		if is_control_plane; then
			restart_readers
			renew_if_declared
		fi
	else
		refuse_foreign_cluster
		receive_secrets take_secrets_to_join
		if founds_cluster; then found_cluster; else join_cluster; fi
		note_applied
		if is_control_plane; then
			note_read
			write "$STATE/certificates" 0644 <<<"$CERTIFICATES" || true
		fi
		rm -f "$STATE/joining" "$STATE/founded" "$STATE/etcd-was-empty" "$SECRETS/discovery.conf"
		changed "is a member of $CLUSTER_NAME"
		api_proxy
	fi
	if is_control_plane; then virtual_address; fi
	registry_hosts
	pod_network
	if is_control_plane; then
		cluster_services
		rewrite_secrets
		host_services
	fi
	node_is_ready
	node_labels
	if is_control_plane; then
		install_charts later
		uninstall_charts
	fi
	finished member
}

# refuse_foreign_cluster: what kubeadm left here and this program did not begin is somebody else's node.
refuse_foreign_cluster() {
	local path
	mkdir -p "$STATE"
	if [[ -f $STATE/joining ]]; then
		[[ $(<"$STATE/joining") == "$CLUSTER_NAME" ]] ||
			fail "began to join $(<"$STATE/joining"), not $CLUSTER_NAME; run \`infraplatform-node reset\` here first"
		return 0
	fi
	for path in "$KUBERNETES/kubelet.conf" "$KUBERNETES"/manifests/*.yaml "$ROOT/var/lib/etcd/member"; do
		[[ ! -e $path ]] || fail "is a node of another cluster (${path#"$ROOT"}); drain it there, then run \`kubeadm reset\` here"
	done
}

# take_secrets_to_join FOLDER: a join that failed half-way is taken back first, so that kubeadm finds a clean host.
take_secrets_to_join() {
	if [[ -f $STATE/joining && ! -f $STATE/founded ]] && half_joined; then
		say "takes back a join that failed half-way"
		kubeadm_reset
	fi
	printf '%s\n' "$CLUSTER_NAME" >"$STATE/joining"
	install_blocks "$1"
}

half_joined() { [[ -e $KUBERNETES/kubelet.conf || -e $ROOT/var/lib/etcd/member || -d $KUBERNETES/manifests ]]; }

# take_secrets_of_member FOLDER: a member keeps its cluster's CA; the rest follows what was sent.
take_secrets_of_member() {
	local sent=$1/etc/kubernetes/pki path mode
	[[ ! -f $sent/ca.crt ]] || cmp -s "$sent/ca.crt" "$KUBERNETES/pki/ca.crt" ||
		fail "its cluster has another CA than the one sent; give the stack its own PKI back, or reset this host"
	while read -r path mode; do
		[[ $path == /etc/kubernetes/pki/* || $path == /etc/infraplatform/secrets/*/* ]] || continue
		write "$ROOT$path" "$mode" <"$1$path" || true
	done <"$1/.list"
}

# founds_cluster: whether no cluster exists and this host is the one to make it. One that cannot be reached now must not
# be made a second time: a control plane whose kubelet answers has a cluster, even where its API does not.
founds_cluster() {
	local entry
	is_control_plane && [[ $NODE_NAME == "$(lowest_control_plane)" ]] || return 1
	[[ ! -f $STATE/founded ]] || return 0
	while read -r entry; do
		api_answers "${entry#*=}" && return 1
		! port_answers "${entry#*=}" 10250 ||
			fail "the API of ${entry%%=*} does not answer, but its kubelet does: a cluster exists; mend that control plane first"
	done < <(other_control_planes)
}

# port_answers ADDRESS PORT
port_answers() { timeout 3 bash -c ": </dev/tcp/$1/$2" 2>/dev/null; }

# kubeadm_run WORD...: kubeadm with its output in a log of ours. Its tokens are no one's to read.
kubeadm_run() {
	local log=$STATE/kubeadm.log
	(umask 077 && : >"$log")
	say "kubeadm $*"
	# It gives the proxies to the control plane's pods and to kube-proxy.
	proxied kubeadm "$@" 2>&1 </dev/null | sed -u -E 's/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/<token>/g' >"$log" || {
		tail -n 25 "$log" >&2
		fail "kubeadm $1 failed (its last lines are above, all of them in ${log#"$ROOT"}); mend that and run \`pulumi up\` again"
	}
}

ignored_errors() { [[ -z ${IGNORE_PREFLIGHT:-} ]] || printf -- '--ignore-preflight-errors=%s' "$IGNORE_PREFLIGHT"; }

# found_cluster: kubeadm init in two steps. Nobody can join before the second, so the first may be taken back and done
# again; each phase of the second may be run again.
found_cluster() {
	local phase addons=all later=upload-config,upload-certs,mark-control-plane,bootstrap-token,kubelet-finalize,addon
	take_loopback
	if [[ ! -f $STATE/founded ]]; then
		refuse_used_etcd
		# shellcheck disable=SC2046  # nothing, or one word
		kubeadm_run init --config "$CONFIG/init.yaml" "--skip-phases=$later,show-join-command" $(ignored_errors)
		printf '%s\n' "$CLUSTER_NAME" >"$STATE/founded"
	fi
	[[ -n $(kube_proxy_settings) ]] || addons=coredns
	for phase in 'upload-config all' mark-control-plane bootstrap-token 'kubelet-finalize all' "addon $addons"; do
		# shellcheck disable=SC2086  # a phase is one or two words
		kubeadm_run init phase $phase --config "$CONFIG/init.yaml"
	done
	note_in_cluster kube-proxy "$(kube_proxy_settings)"
	note_in_cluster encryption-key "${ENCRYPTION_KEYS##* }"
	# Nodes join with certificates. The token that kubeadm makes whether asked or not would be one more way in.
	kubectl_admin -n kube-system delete secrets --field-selector type=bootstrap.kubernetes.io/token >/dev/null
}

join_cluster() {
	[[ -f $SECRETS/discovery.conf ]] || fail "no join certificate was sent; run \`pulumi up\` with --target-replace for $NODE_NAME-join"
	api_proxy
	wait_until 900 "the API at $API_ENDPOINT" endpoint_answers ||
		fail "$API_ENDPOINT does not answer; look at the control planes and at what stands before them"
	refuse_another_version
	if is_control_plane && ! has_external_etcd; then forget_dead_members; fi
	# shellcheck disable=SC2046  # nothing, or one word
	kubeadm_run join --config "$CONFIG/join.yaml" $(ignored_errors)
}

# refuse_another_version: kubeadm joins a cluster of its own version. A control plane that comes before the others in the
# order of names would join before they are upgraded.
refuse_another_version() {
	local served
	served=$(served_version "$SECRETS/discovery.conf") || true
	[[ -z $served || $served == "v$KUBERNETES_VERSION" ]] ||
		fail "the cluster runs $served, and this host would join with $KUBERNETES_VERSION; upgrade first without this host, then add it"
}

endpoint_answers() {
	[[ $(curl --silent --insecure --noproxy '*' --max-time 4 "https://$API_ENDPOINT/livez") == ok ]]
}
