# `status`: what is true on this host and, on a control plane, in its cluster. It changes nothing; it ends with 1 where
# something differs from the configuration.

verb_status() {
	local drift=0
	load_node
	printf 'node %s (%s) of %s\n' "$NODE_NAME" "$NODE_ROLE" "$CLUSTER_NAME"
	if [[ ! -f $STATE/member ]]; then
		printf 'member: no\n'
		return 1
	fi
	status_of_versions || drift=1
	status_of_services || drift=1
	status_of_firewall || drift=1
	if is_control_plane; then
		status_of_certificates || drift=1
		status_of_etcd || drift=1
		printf 'nodes:\n'
		kubectl_admin get nodes --output wide || drift=1
	fi
	[[ $(node_condition status) == True ]] || {
		printf 'drift: the node is not Ready: %s\n' "$(node_condition message)"
		drift=1
	}
	return "$drift"
}

status_of_versions() {
	local kubelet
	kubelet=$(kubelet --version | cut -d ' ' -f 2)
	printf 'kubelet: %s\ncontainer runtime: %s\n' "$kubelet" "$(of_runtime version)"
	[[ $kubelet == "v$KUBERNETES_VERSION" ]] || {
		printf 'drift: the configuration says v%s\n' "$KUBERNETES_VERSION"
		return 1
	}
}

status_of_services() {
	local name status=0
	for name in $(of_runtime units) kubelet; do
		printf '%s: %s\n' "$name" "$(systemctl is-active "$name" || true)"
		systemctl is-active --quiet "$name" || status=1
	done
	return "$status"
}

# days_left CERTIFICATE: until it ends.
days_left() {
	local end
	end=$(date -d "$(openssl x509 -in "$1" -noout -enddate | cut -d = -f 2)" +%s)
	printf '%s\n' "$(((end - $(date +%s)) / 86400))"
}

status_of_certificates() {
	local file days status=0
	for file in "$KUBERNETES"/pki/*.crt "$KUBERNETES"/pki/etcd/*.crt; do
		days=$(days_left "$file")
		printf 'certificate %s: %s days\n' "${file#"$KUBERNETES/pki/"}" "$days"
		((days > 30)) || status=1
	done
	return "$status"
}

status_of_etcd() {
	local id name peer role status=0 health
	for peer in ${ETCD_ENDPOINTS:-}; do
		health=healthy
		[[ $(etcd_request "$peer" /health 2>/dev/null) == *'"health":"true"'* ]] || health=unhealthy status=1
		printf 'external etcd at %s: %s\n' "$peer" "$health"
	done
	[[ -f $KUBERNETES/manifests/etcd.yaml ]] || return "$status"
	while read -r id name peer role; do
		health=healthy
		etcd_healthy "$peer" || health=unhealthy status=1
		printf 'etcd member %s %s at %s: %s, %s\n' "$id" "$name" "$peer" "$role" "$health"
		[[ " $CONTROL_PLANES " == *" $name=$peer "* ]] || {
			printf 'drift: the configuration has no control plane %s at %s\n' "$name" "$peer"
			status=1
		}
	done < <(etcd_members "$NODE_ADDRESS")
	return "$status"
}
