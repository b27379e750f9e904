# What a control plane gives the whole cluster.

# cluster_services: the manifests in their order; each may be applied again at any time, by any control plane.
cluster_services() {
	local manifest
	wait_until 120 "this host's own API server" api_answers "$NODE_ADDRESS" ||
		fail "its API server does not answer; read \`crictl logs\` of kube-apiserver on this host"
	for manifest in "$CONFIG"/manifests/*.yaml; do
		kubectl_admin apply --server-side --force-conflicts --field-manager infraplatform --filename "$manifest" >/dev/null ||
			fail "${manifest##*/} cannot be applied; see the message above"
	done
}
