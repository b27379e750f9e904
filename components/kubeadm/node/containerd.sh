# containerd, by its own command `ctr`.

containerd_units() { printf 'containerd\n'; }
containerd_socket() { printf 'unix:///run/containerd/containerd.sock\n'; }
containerd_downloads() { printf 'containerd runc\n'; }
containerd_upgraded() { :; }
containerd_version() { containerd --version | cut -d ' ' -f 3; }

containerd_configure() {
	has containerd || fail "containerd is missing; install it, or list it under the downloads"
	packaged_unit containerd containerd || write "$ROOT/etc/systemd/system/containerd.service" 0644 <<-'UNIT' || true
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
}

# containerd_findings: the host's own must read the configuration that nodes get, which came with 2.0.
containerd_findings() {
	local version
	[[ " ${PREINSTALLED:-} " == *' containerd '* ]] && has containerd || return 0
	version=$(containerd --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
	! older "${version:-0}" 2.0.0 || finding "its containerd is ${version:-unknown}; install 2.0 or newer"
}

# containerd_images WORD...: `ctr images`; it warns of old kernels on every call, so its errors show where it fails.
containerd_images() {
	local errors
	errors=$(mktemp)
	ctr -n k8s.io images "$@" 2>"$errors" || {
		cat "$errors" >&2
		rm -f "$errors"
		fail "containerd does not take part in \`images $1\`; read \`journalctl -u containerd\` on this host"
	}
	rm -f "$errors"
}

containerd_has_image() { [[ -n $(containerd_images list -q "name==$1") ]]; }
containerd_import() { containerd_images import "$1" >/dev/null; }
containerd_keep() { containerd_images label "$1" io.cri-containerd.pinned=pinned >/dev/null; }
containerd_let_go() { ! containerd_has_image "$1" || containerd_images label "$1" io.cri-containerd.pinned= >/dev/null; }

readonly CONTAINERD_HOSTS=$ROOT/etc/containerd/certs.d

# containerd_registries: a `hosts.toml` for each registry, read at every pull. Where a file with a password was sent it
# stands before the public one; what neither names any more is removed.
containerd_registries() {
	local source path registry mode
	declare -A found=()
	for source in "$CONFIG/containerd/certs.d" "$SECRETS/certs.d"; do
		for path in "$source"/*/hosts.toml; do
			registry=${path%/hosts.toml}
			found[${registry##*/}]=$path
		done
	done
	for registry in "${!found[@]}"; do
		mode=0644
		[[ ${found[$registry]} != "$SECRETS"/* ]] || mode=0600
		write "$CONTAINERD_HOSTS/$registry/hosts.toml" "$mode" <"${found[$registry]}" || true
	done
	while IFS= read -r registry; do
		[[ -n $registry && -z ${found[$registry]:-} ]] || continue
		rm -rf "${CONTAINERD_HOSTS:?}/$registry"
		changed "forgot the registry $registry"
	done < <(cat "$STATE/registries" 2>/dev/null)
	mkdir -p "$STATE"
	printf '%s\n' "${!found[@]}" | sort >"$STATE/registries"
}
