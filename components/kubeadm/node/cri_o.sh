# CRI-O, from its own archive or from a package. It imports no archives of images: skopeo, the host's own, puts them into
# its store. Its minor version is Kubernetes' own, and the first start of another minor ends all that runs
# (cri-o v1.36.3, server/server.go, wipeIfAppropriate), so a member changes it where the kubelet changes.

readonly CRI_O_LIBEXEC=/usr/libexec/crio

cri_o_units() { printf 'crio\n'; }
cri_o_socket() { printf 'unix:///run/crio/crio.sock\n'; }
cri_o_downloads() {
	[[ -f $STATE/member && $(sed 's/\.[^.]*$//' "$STATE/member") != "${KUBERNETES_VERSION%.*}" ]] || printf 'cri-o\n'
}
cri_o_upgraded() { printf 'cri-o\n'; }
cri_o_version() { printf 'cri-o %s\n' "$(cri_o_number)"; }
cri_o_number() { crio --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# cri_o_archive SHA256 URL: programs where a package would have them, and those that are called by name on the path.
cri_o_archive() {
	local name
	archive cri-o "$1" "$2" "$CRI_O_LIBEXEC" --strip-components=2 --wildcards '*/bin/*'
	mkdir -p "$ROOT$BINARIES"
	for name in crio crictl pinns crun; do
		[[ $(readlink "$ROOT$BINARIES/$name") == "$CRI_O_LIBEXEC/$name" ]] || ln -sfn "$CRI_O_LIBEXEC/$name" "$ROOT$BINARIES/$name"
	done
}

cri_o_configure() {
	has crio || [[ -x $ROOT$CRI_O_LIBEXEC/crio ]] || fail "CRI-O is missing; install it, or list cri-o under the downloads"
	packaged_unit crio crio || write "$ROOT/etc/systemd/system/crio.service" 0644 <<-'UNIT' || true
		[Unit]
		Description=CRI-O
		After=network-online.target
		Wants=network-online.target

		[Service]
		Type=notify
		ExecStart=/usr/local/bin/crio
		ExecReload=/bin/kill -s HUP $MAINPID
		Restart=always
		RestartSec=5
		LimitNOFILE=1048576
		LimitNPROC=1048576
		LimitCORE=infinity
		TasksMax=infinity
		OOMScoreAdjust=-999

		[Install]
		WantedBy=multi-user.target
	UNIT
	# By cgroupfs the monitors of containers stay in its own group: a restart must not end them, and pods with them.
	write "$ROOT/etc/systemd/system/crio.service.d/infraplatform-pods.conf" 0644 <<-'UNIT' || true
		[Service]
		KillMode=process
	UNIT
	proxy_drop_in crio
	# Whose images may run is for admission to say, as with the other runtimes.
	write "$ROOT/etc/crio/policy.json" 0644 <<<'{"default": [{"type": "insecureAcceptAnything"}]}' || true
	write "$ROOT/etc/crio/crio.conf.d/20-infraplatform.conf" 0644 <"$CONFIG/cri-o/crio.conf" || true
	[[ -f $ROOT/etc/crio/auth.json ]] || write "$ROOT/etc/crio/auth.json" 0600 <<<'{}' || true
}

cri_o_findings() {
	local version
	[[ -z ${IMAGE_ARCHIVES:-} ]] || has skopeo ||
		finding "skopeo is missing, which puts cluster.image_archives into CRI-O's store; install it, or let registry.mirrors have the images"
	[[ " ${PREINSTALLED:-} " == *' cri-o '* ]] || return 0
	has crio || return 0
	version=$(cri_o_number)
	[[ ${version%.*} == "${KUBERNETES_VERSION%.*}" ]] ||
		finding "its CRI-O is ${version:-unknown}; install ${KUBERNETES_VERSION%.*}, which goes with Kubernetes $KUBERNETES_VERSION"
}

# cri_o_images WORD...: skopeo by CRI-O's own policy.
cri_o_images() { skopeo --policy "$ROOT/etc/crio/policy.json" "$@"; }
cri_o_has_image() { cri_o_images inspect --raw "containers-storage:$1" >/dev/null 2>&1; }
cri_o_import() {
	cri_o_images copy --quiet "docker-archive:$1:$2" "containers-storage:$2" >/dev/null ||
		fail "skopeo cannot put the image $2 into CRI-O's store; see the message above"
}

# Its configuration names what it keeps.
cri_o_keep() { :; }
cri_o_let_go() { :; }

# cri_o_registries: mirrors are read at a reload, which leaves what runs alone; passwords and CAs at every pull.
cri_o_registries() {
	local before=$CHANGES
	write "$ROOT/etc/containers/registries.conf.d/90-infraplatform.conf" 0644 <"$CONFIG/cri-o/registries.conf" || true
	((CHANGES == before)) || systemctl reload crio
	write "$ROOT/etc/crio/auth.json" 0600 < <(cat "$SECRETS/registries/auth.json" 2>/dev/null || echo '{}') || true
	trust_registry /etc/containers/certs.d
}
