# What a member does with its own Node object, by its own kubelet's rights.

kubectl_kubelet() { kubectl --kubeconfig "$KUBERNETES/kubelet.conf" --request-timeout 30s "$@"; }

# pod_network: the container runtime's network, from the pod range that the cluster gave this node. Between the hosts
# flannel carries the packets. Its own CNI plugin would only write this same bridge configuration, so it is not needed.
# Cilium and Calico write theirs themselves.
pod_network() {
	local range='' mtu
	[[ ${POD_NETWORK:-flannel} == flannel ]] || return 0
	wait_until 120 "the pod range of $NODE_NAME" has_pod_range || fail "$NODE_NAME got no pod range; see whether podSubnet is large enough"
	range=$(kubectl_kubelet get node "$NODE_NAME" --output 'jsonpath={.spec.podCIDR}')
	mtu=$(pod_mtu)
	write "$ROOT/etc/cni/net.d/10-infraplatform.conflist" 0644 <<-CNI || true
		{
		  "cniVersion": "1.0.0",
		  "name": "infraplatform",
		  "plugins": [
		    {
		      "type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "hairpinMode": true, "mtu": $mtu,
		      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$range"}]], "routes": [{"dst": "$POD_CIDR"}]}
		    },
		    {"type": "portmap", "capabilities": {"portMappings": true}}
		  ]
		}
	CNI
}

has_pod_range() { [[ -n $(kubectl_kubelet get node "$NODE_NAME" --output 'jsonpath={.spec.podCIDR}') ]]; }

# pod_mtu: what flannel's VXLAN leaves of the MTU of the interface that has the node's address (its header is 50 bytes).
pod_mtu() {
	local interface
	interface=$(ip -o -4 address show to "$NODE_ADDRESS" | awk '{print $2; exit}')
	[[ -n $interface ]] || fail "no interface has $NODE_ADDRESS; correct private_address in the settings"
	printf '%s\n' "$(($(<"$ROOT/sys/class/net/$interface/mtu") - 50))"
}

node_is_ready() {
	wait_until 600 "$NODE_NAME to be Ready" node_says_ready ||
		fail "$NODE_NAME is not Ready: $(node_condition message); read \`journalctl -u kubelet\` on this host"
}

node_condition() {
	kubectl_kubelet get node "$NODE_NAME" --output "jsonpath={.status.conditions[?(@.type=='Ready')].$1}"
}

node_says_ready() { [[ $(node_condition status) == True ]]; }

# node_labels: the labels of the settings; one that left the settings leaves the Node. The kubelet itself may not set
# the labels and taints that decide what runs on it, so a control plane sets them for itself as the administrator.
node_labels() {
	local line words=() kubectl=kubectl_kubelet
	if is_control_plane; then kubectl=kubectl_admin; fi
	mkdir -p "$STATE"
	while IFS= read -r line; do
		[[ -z $line ]] || grep -q "^${line%%=*}=" "$CONFIG/labels" || words+=("${line%%=*}-")
	done < <(cat "$STATE/labels" 2>/dev/null)
	while IFS= read -r line; do
		[[ -z $line ]] || words+=("$line")
	done < <(cat "$CONFIG/labels" 2>/dev/null)
	((${#words[@]} > 0)) || return 0
	"$kubectl" label node "$NODE_NAME" --overwrite "${words[@]}" >/dev/null ||
		fail "$NODE_NAME may not have these labels: ${words[*]}; use names outside kubernetes.io"
	write "$STATE/labels" 0644 <"$CONFIG/labels" || true
}
