# The way back: `reset` makes this host an ordinary one again.

kubeadm_reset() {
	# kubeadm warns and goes on where it cannot remove the etcd member; `leave` on another control plane does that.
	kubeadm_run reset --force --cleanup-tmp-dir --cri-socket "$(of_runtime socket)"
	rm -rf "$ROOT/var/lib/etcd" "$ROOT"/etc/cni/net.d/{10-infraplatform,05-cilium,10-calico}.conflist "$KUBERNETES/manifests" "$KUBERNETES/pki"
}

# verb_reset: nothing of the cluster stays. Downloads and images do, they are not the cluster's; and so do backups and
# the directories of volumes, which are somebody's data.
verb_reset() {
	local name
	[[ ! -f $CONFIG/node.env ]] || load_node
	for name in "$ROOT"/etc/systemd/system/infraplatform-*; do
		systemctl disable --quiet --now "${name##*/}" 2>/dev/null || true
		rm -f "$name"
		changed "removed ${name##*/}"
	done
	if has kubeadm && [[ -e $KUBERNETES/kubelet.conf || -f $STATE/joining || -f $STATE/member ]]; then
		mkdir -p "$STATE"
		kubeadm_reset
		changed "left the cluster"
	fi
	systemctl disable --quiet --now kubelet 2>/dev/null || true
	remove_pod_network
	remove_firewall
	forget_virtual_address
	sed -i '/# infraplatform: the \(API endpoint\|registry\)$/d' "$ROOT/etc/hosts"
	rm -rf "$SECRETS" "$APPLIED" "$STATE"/{member,joining,founded,etcd-was-empty,labels,upgrading,cordoned,read,certificates} "$ROOT/var/lib/kubelet" \
		"$ROOT"/etc/systemd/system/kubelet.service{,.d} "$ROOT/var/lib/cni" "$ROOT/run/flannel"
	# Passwords go where the runtime has them, too.
	[[ ! -f $CONFIG/node.env ]] || of_runtime registries
	systemctl daemon-reload
	finished reset
}

# remove_pod_network: interfaces and packet rules that kube-proxy, flannel, Cilium, Calico and the CNI plugins leave behind.
remove_pod_network() {
	local link rules
	remove_cilium
	while read -r link; do
		ip link delete "$link" 2>/dev/null || true
	done < <(host_links | grep -E '^(cni0|flannel\.1|cilium_.+|lxc_health|lxc[0-9a-f]{12}|vxlan\.calico|cali[0-9a-f]{11})$')
	for rules in iptables ip6tables; do
		has "$rules-save" || continue
		# A chain of theirs has one of these prefixes, and so has every rule that leads to one.
		"$rules-save" 2>/dev/null | grep -vE 'KUBE-|FLANNEL-|FLANNEL|CNI-|CILIUM_|cali[-:]' | "$rules-restore" 2>/dev/null || true
	done
	rm -rf "$ROOT"/etc/cni/net.d/calico-kubeconfig "$ROOT"/{var/lib,run,var/log}/calico "$ROOT"/opt/cni/bin/{calico,calico-ipam,cilium-cni}
	has nft || return 0
	for rules in 'ip kube-proxy' 'ip6 kube-proxy' 'ip flannel-ipv4' 'ip6 flannel-ipv6' 'ip calico' 'ip6 calico'; do
		# shellcheck disable=SC2086  # a family and a name
		nft delete table $rules 2>/dev/null || true
	done
}

host_links() { ip -o link show 2>/dev/null | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'; }

# remove_cilium: its programs hang on the hosts' own interfaces and control groups, by filters or by what is pinned below
# /sys/fs/bpf. Filters go first: without their maps they would drop packets. As `cilium-dbg post-uninstall-cleanup` does.
remove_cilium() {
	local link side
	[[ -d $ROOT/sys/fs/bpf/cilium ]] || return 0
	while read -r link; do
		for side in ingress egress; do
			! tc filter show dev "$link" "$side" 2>/dev/null | grep -q ' cil_' || tc filter delete dev "$link" "$side" pref 1 || true
		done
	done < <(host_links)
	umount "$ROOT/run/cilium/cgroupv2" 2>/dev/null || true
	rm -rf --one-file-system "$ROOT/sys/fs/bpf/cilium" "$ROOT"/sys/fs/bpf/tc/globals/cilium_* "$ROOT/run/cilium" "$ROOT/var/lib/cilium" \
		"$ROOT/etc/sysctl.d/99-zzz-override_cilium.conf"
}
