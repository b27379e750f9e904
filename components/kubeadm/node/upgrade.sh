# A member becomes what its configuration says: another version, other settings of its components. Each step may fail
# and be done again by the next run.
#
# /var/lib/infraplatform/applied/   the files that it runs by; it has to follow where /etc/infraplatform differs
# /var/lib/infraplatform/upgrading  what it is on its way to; etcd's snapshot was taken before
# /var/lib/infraplatform/cordoned   this program cordoned the node, and uncordons it

readonly APPLIED=$STATE/applied

# verb_upgrade [WORD...]: a worker's turn; the words only make the operator's command differ.
verb_upgrade() {
	load_node
	if [[ -f $STATE/member ]]; then bring_up_to_date; fi
	finished upgrade
}

# bring_up_to_date: components first, then the kubelet, which is never newer than the API server that it talks to.
bring_up_to_date() {
	if is_up_to_date; then return 0; fi
	say "goes from $(<"$STATE/member") to $KUBERNETES_VERSION, or to other settings"
	if is_control_plane; then
		upgrade_components
	else
		install_downloads kubeadm
		kubeadm_run upgrade node --config "$CONFIG/upgrade.yaml"
	fi
	upgrade_kubelet
	note_applied
	rm -f "$STATE/upgrading"
	changed "runs Kubernetes $KUBERNETES_VERSION by its present settings"
}

is_up_to_date() {
	local name
	[[ $(<"$STATE/member") == "$KUBERNETES_VERSION" ]] || return 1
	for name in init.yaml kubelet.yaml; do
		[[ ! -f $CONFIG/$name ]] || cmp -s "$CONFIG/$name" "$APPLIED/$name" || return 1
	done
}

# note_applied: the member runs by what its configuration says now.
note_applied() {
	local name
	for name in init.yaml kubelet.yaml; do
		[[ ! -f $CONFIG/$name ]] || write "$APPLIED/$name" 0644 <"$CONFIG/$name" || true
	done
	write "$STATE/member" 0644 <<<"$KUBERNETES_VERSION" || true
}

# upgrade_components: the first control plane of a new version applies it to the cluster, the others follow.
upgrade_components() {
	local target cluster file
	wait_until 180 "this host's own API server" api_ready "$NODE_ADDRESS" ||
		fail "its API server does not answer; read \`crictl logs\` of kube-apiserver on this host"
	cluster=$(cluster_version)
	[[ -n $cluster ]] || fail "kubeadm-config in kube-system names no version; run \`kubeadm init phase upload-config kubeadm\` there"
	! older "$KUBERNETES_VERSION" "${cluster#v}" ||
		fail "the cluster has gone to $cluster, and it only goes forward; write cluster.version ${cluster#v}"
	target="$KUBERNETES_VERSION $(sha256sum <"$CONFIG/init.yaml")"
	if [[ $(cat "$STATE/upgrading" 2>/dev/null) != "$target" ]]; then
		[[ ! -f $KUBERNETES/manifests/etcd.yaml ]] || back_up
		printf '%s\n' "$target" >"$STATE/upgrading"
	fi
	install_downloads kubeadm
	publish_configuration "$cluster"
	file=$(component_upgrade)
	ask_another_api "$file"
	if [[ $cluster == "v$KUBERNETES_VERSION" ]]; then
		kubeadm_run upgrade node --config "$file"
	else
		kubeadm_run upgrade apply --yes --config "$file"
	fi
}

# ask_another_api FILE: an API server without its etcd keeps its kubelet waiting, which has to say first that etcd has
# another pod, and starts etcd then. Where etcd changes, the kubelet asks another control plane meanwhile.
ask_another_api() {
	local entry
	if [[ ! -f $KUBERNETES/manifests/etcd.yaml ]] || ! grep -q 'etcdUpgrade: true' "$1"; then return 0; fi
	while read -r entry; do
		api_ready "${entry#*=}" || continue
		[[ -f $STATE/kubelet-server ]] || sed -n 's/^ *server: //p' "$KUBERNETES/kubelet.conf" >"$STATE/kubelet-server"
		kubelet_server "https://${entry#*=}:$API_PORT"
		systemctl restart kubelet
		return 0
	done < <(other_control_planes)
}

ask_own_api() {
	[[ -f $STATE/kubelet-server ]] || return 0
	kubelet_server "$(<"$STATE/kubelet-server")"
	rm "$STATE/kubelet-server"
}

kubelet_server() { sed -i "s#^\( *server: \).*#\1$1#" "$KUBERNETES/kubelet.conf"; }

# component_upgrade: the file that kubeadm upgrades by. It would start etcd anew on every control plane that joined, as
# it writes its first members in another way; meanwhile the host's API server answers nobody for 40 seconds. Where etcd's
# version stays, etcd stays.
component_upgrade() {
	local file=$STATE/upgrade.yaml wanted
	wanted=$(sed -n '/^etcd:/,/^[^ ]/s/^ *imageTag: //p' "$CONFIG/init.yaml")
	if [[ -n $wanted ]] && grep -qs "image: .*/etcd:$wanted\$" "$KUBERNETES/manifests/etcd.yaml"; then
		sed 's/etcdUpgrade: true/etcdUpgrade: false/' "$CONFIG/upgrade.yaml" >"$file"
	else
		cp "$CONFIG/upgrade.yaml" "$file"
	fi
	printf '%s\n' "$file"
}

cluster_version() {
	kubectl_admin -n kube-system get configmap kubeadm-config --output 'jsonpath={.data.ClusterConfiguration}' |
		sed -n 's/^kubernetesVersion: //p'
}

# publish_configuration VERSION: kubeadm upgrades by what the cluster has, not by a file. The version stays as it is:
# `upgrade apply` writes the new one when the first control plane runs it.
publish_configuration() {
	local file=$STATE/published.yaml
	sed "s/^kubernetesVersion: .*/kubernetesVersion: $1/" "$CONFIG/init.yaml" >"$file"
	kubeadm_run init phase upload-config all --config "$file"
	if [[ $(kube_proxy_settings) != "$(cluster_noted kube-proxy)" ]]; then
		kubeadm_run init phase addon kube-proxy --config "$file"
		kubectl_admin -n kube-system rollout restart daemonset/kube-proxy >/dev/null
		note_in_cluster kube-proxy "$(kube_proxy_settings)"
	fi
}

# kube_proxy_settings: what tells them apart; nothing where the cluster has no kube-proxy.
kube_proxy_settings() {
	! grep -q '^kind: KubeProxyConfiguration' "$CONFIG/init.yaml" ||
		sed -n '/^apiVersion: kubeproxy/,/^---/p' "$CONFIG/init.yaml" | sha256sum | cut -d ' ' -f 1
}

# What all control planes have done together is noted in the cluster: kube-system/infraplatform-applied.
cluster_noted() {
	kubectl_admin -n kube-system get configmap infraplatform-applied --ignore-not-found --output "jsonpath={.data.$1}"
}

# note_in_cluster KEY VALUE
note_in_cluster() {
	kubectl_admin -n kube-system create configmap infraplatform-applied >/dev/null 2>&1 || true
	kubectl_admin -n kube-system patch configmap infraplatform-applied --type merge --patch "{\"data\":{\"$1\":\"$2\"}}" >/dev/null
}

upgrade_kubelet() {
	local served
	ask_own_api
	if [[ $(kubelet_version) != "v$KUBERNETES_VERSION" ]]; then
		served=$(served_version "$KUBERNETES/kubelet.conf")
		! older "${served#v}" "$KUBERNETES_VERSION" ||
			fail "its API server is at $served, and a kubelet is never newer; upgrade the control planes first: run \`pulumi up\` without --target"
		empty_node
		install_downloads kubelet
		upgrade_runtime
	fi
	systemctl restart kubelet
	changed "restarted the kubelet"
	wait_until 180 "the kubelet of $KUBERNETES_VERSION" kubelet_has_version ||
		fail "its kubelet does not say $KUBERNETES_VERSION; read \`journalctl -u kubelet\` on this host"
	node_is_ready
	if is_control_plane; then
		wait_until 300 "this host's own API server to stay" api_steady "$NODE_ADDRESS" ||
			fail "its API server does not stay up; read \`journalctl -u kubelet\` on this host"
	fi
	if [[ -f $STATE/cordoned ]]; then
		kubectl_kubelet uncordon "$NODE_NAME" >/dev/null
		rm -f "$STATE/cordoned"
		say "takes pods again"
	fi
}

kubelet_version() { kubectl_kubelet get node "$NODE_NAME" --output 'jsonpath={.status.nodeInfo.kubeletVersion}'; }
kubelet_has_version() { [[ $(kubelet_version) == "v$KUBERNETES_VERSION" ]]; }

# served_version KUBECONFIG: the version of the API server that it leads to.
served_version() {
	kubectl --kubeconfig "$1" --request-timeout 30s get --raw /version | grep -oE '"gitVersion": *"[^"]+"' | cut -d '"' -f 4
}
