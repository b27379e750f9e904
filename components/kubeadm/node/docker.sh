# Docker Engine, which is the host's own package, and cri-dockerd, by which the kubelet speaks to it.

docker_units() { printf 'docker cri-dockerd\n'; }
docker_socket() { printf 'unix:///run/cri-dockerd.sock\n'; }
docker_downloads() { printf 'cri-dockerd\n'; }
docker_upgraded() { :; }
docker_version() { printf 'docker %s by cri-dockerd %s\n' "$(dockerd_number)" "$(cri-dockerd --version 2>&1 | cut -d ' ' -f 2)"; }
dockerd_number() { dockerd --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

docker_configure() {
	has dockerd || fail "Docker Engine is missing; install it"
	write "$ROOT/etc/systemd/system/cri-dockerd.service" 0644 <<-'UNIT' || true
		[Unit]
		Description=cri-dockerd
		After=network.target docker.service
		Wants=docker.service

		[Service]
		Type=notify
		EnvironmentFile=/etc/default/cri-dockerd
		ExecStart=/usr/local/bin/cri-dockerd --container-runtime-endpoint unix:///run/cri-dockerd.sock --streaming-bind-addr 127.0.0.1 --network-plugin cni --cni-conf-dir /etc/cni/net.d --cni-bin-dir /opt/cni/bin $CRI_DOCKERD_OPTIONS
		Restart=always
		RestartSec=2
		LimitNOFILE=infinity
		LimitNPROC=infinity
		LimitCORE=infinity
		TasksMax=infinity
		Delegate=yes
		KillMode=process

		[Install]
		WantedBy=multi-user.target
	UNIT
	proxy_drop_in docker
	if write "$ROOT/etc/docker/daemon.json" 0644 <"$CONFIG/docker/daemon.json"; then
		# As its package starts it, Docker has dropped what this host forwards; by this file it leaves packets alone.
		! iptables -n -L DOCKER-USER >/dev/null 2>&1 || iptables -P FORWARD ACCEPT
	fi
	write "$ROOT/etc/default/cri-dockerd" 0644 <"$CONFIG/docker/cri-dockerd.conf" || true
}

# docker_findings: 20.10 is the oldest that was looked at.
docker_findings() {
	local program missing=()
	for program in dockerd docker; do
		has "$program" || missing+=("$program")
	done
	if ((${#missing[@]} > 0)); then
		finding "Docker Engine is missing (${missing[*]}); install it, as docker.io or docker-ce with docker-ce-cli, or write another cluster.runtime.kind"
	elif older "$(dockerd_number)" 20.10.0; then
		finding "its Docker Engine is $(dockerd_number); install 20.10 or newer"
	fi
}

docker_has_image() { docker image inspect "$1" >/dev/null 2>&1; }
docker_import() {
	docker load --quiet --input "$1" >/dev/null || fail "Docker cannot load the image $2; see the message above"
}

# Docker keeps nothing from the kubelet.
docker_keep() { :; }
docker_let_go() { :; }

# docker_registries: CAs are read at every pull. Passwords come from the kubelet, which reads its file again after five
# minutes, or when it starts; what runs does not notice.
docker_registries() {
	local file=$ROOT/var/lib/kubelet/config.json before=$CHANGES
	if [[ -f $SECRETS/registries/auth.json ]]; then
		write "$file" 0600 <"$SECRETS/registries/auth.json" || true
	elif [[ -f $file ]]; then
		rm -f "$file"
		changed "removed ${file#"$ROOT"}"
	fi
	((CHANGES == before)) || systemctl try-restart kubelet
	trust_registry /etc/docker/certs.d
}
