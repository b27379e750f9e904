# `install`: all that a node needs but joining. Kernel settings, binaries, containerd, images, the kubelet's unit.

verb_install() {
	load_node
	kernel_settings
	host_firewall
	install_downloads containerd runc cni-plugins kubectl etcd
	# shellcheck disable=SC2046  # names
	install_downloads $(chart_downloads)
	# A member's own kubeadm and kubelet are changed by `member`, in the order that an upgrade needs.
	[[ -f $STATE/member ]] || install_downloads kubeadm kubelet
	container_runtime
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

container_runtime() {
	local before=$CHANGES unit=$ROOT/etc/systemd/system folder
	has containerd || fail "containerd is missing; install it, or list it under the downloads"
	for folder in /usr/lib/systemd/system /lib/systemd/system; do
		# The unit of a distribution's package stays in charge of the package's own binary.
		[[ -f $folder/containerd.service && ! -x /usr/local/bin/containerd ]] && unit=''
	done
	[[ -z $unit ]] || write "$unit/containerd.service" 0644 <<-'UNIT' || true
		[Unit]
		Description=containerd
		After=network.target local-fs.target

		[Service]
		ExecStart=/usr/local/bin/containerd
		Type=notify
		Delegate=yes
		KillMode=process
		Restart=always
		RestartSec=5
		LimitNPROC=infinity
		LimitCORE=infinity
		TasksMax=infinity
		OOMScoreAdjust=-999

		[Install]
		WantedBy=multi-user.target
	UNIT
	proxy_drop_in containerd
	write "$ROOT/etc/containerd/config.toml" 0644 <"$CONFIG/containerd/config.toml" || true
	if ((CHANGES > before)) || ! systemctl is-active --quiet containerd; then
		systemctl daemon-reload
		systemctl enable --quiet containerd
		systemctl restart containerd || fail "containerd does not start; read \`journalctl -u containerd\` on this host"
		changed "started containerd"
	fi
}

kubelet_unit() {
	local before=$CHANGES
	write "$ROOT/etc/systemd/system/kubelet.service" 0644 <<-UNIT || true
		[Unit]
		Description=kubelet
		Wants=network-online.target
		After=network-online.target containerd.service
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
