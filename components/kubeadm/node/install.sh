# `install`: all that a node needs but joining. Kernel settings, the container runtime, binaries, images, the kubelet's unit.

verb_install() {
	load_node
	kernel_settings
	host_firewall
	container_runtime
	install_downloads cni-plugins kubectl etcd
	# shellcheck disable=SC2046  # names
	install_downloads $(chart_downloads)
	# A member's own kubeadm and kubelet are changed by `member`, in the order that an upgrade needs.
	[[ -f $STATE/member ]] || install_downloads kubeadm kubelet
	registry_hosts
	install_images
	kubelet_unit
	api_proxy
	finished install
}

kernel_settings() {
	local module
	write "$ROOT/etc/modules-load.d/infraplatform.conf" 0644 <<<$'overlay\nbr_netfilter\nvxlan' || true
	for module in overlay br_netfilter vxlan; do
		# A module may be part of the kernel, or out of reach in a container; what it gives is looked at below.
		modprobe "$module" 2>/dev/null || true
	done
	write "$ROOT/etc/sysctl.d/90-infraplatform.conf" 0644 <<-'SYSCTL' || true
		# A node routes its pods' packets; the kubelet wants the last four (its protectKernelDefaults).
		net.ipv4.ip_forward = 1
		net.bridge.bridge-nf-call-iptables = 1
		fs.inotify.max_user_instances = 8192
		fs.inotify.max_user_watches = 524288
		vm.overcommit_memory = 1
		vm.panic_on_oom = 0
		kernel.panic = 10
		kernel.panic_on_oops = 1
	SYSCTL
	# What a container may not write (the host's own kernel settings) is left as it is; preflight judges what matters.
	sysctl --quiet --load "$ROOT/etc/sysctl.d/90-infraplatform.conf" >/dev/null 2>&1 || true
	[[ $(<"$ROOT/proc/sys/net/ipv4/ip_forward") == 1 ]] ||
		fail "net.ipv4.ip_forward cannot be set to 1; allow it on this host"
}

kubelet_unit() {
	local before=$CHANGES
	write "$ROOT/etc/systemd/system/kubelet.service" 0644 <<-UNIT || true
		[Unit]
		Description=kubelet
		Wants=network-online.target
		After=network-online.target $(of_runtime units | sed -E 's/[^ ]+/&.service/g')
		# Before the host is a member there is nothing to run with; kubeadm starts the kubelet when there is.
		ConditionPathExists=/var/lib/kubelet/config.yaml

		[Service]
		Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
		Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
		# The flags that kubeadm keeps for this node
		EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
		ExecStart=$BINARIES/kubelet \$KUBELET_KUBECONFIG_ARGS \$KUBELET_CONFIG_ARGS \$KUBELET_KUBEADM_ARGS
		Restart=always
		RestartSec=5

		[Install]
		WantedBy=multi-user.target
	UNIT
	proxy_drop_in kubelet
	if ((CHANGES > before)); then
		systemctl daemon-reload
		systemctl enable --quiet kubelet
		systemctl try-restart kubelet
	fi
}
