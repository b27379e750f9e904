# upgrade_node: an existing member becomes what its configuration says.

upgrade_node() {
	local current
	current=$(<"$STATE/member")
	[[ $current != "$KUBERNETES_VERSION" ]] || return 0
	fail "runs Kubernetes $current and is to run $KUBERNETES_VERSION; this program does not upgrade yet"
}
