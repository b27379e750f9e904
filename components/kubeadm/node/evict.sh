# The node's pods move elsewhere before its kubelet changes. The kubelet's own rights are enough: it may cordon its node
# and evict the pods that run on it (NodeRestriction). Disruption budgets are kept.

empty_node() {
	local end=$((SECONDS + DRAIN_SECONDS)) pods said=''
	if is_control_plane && [[ -z $(other_places) ]]; then
		say "no other node takes pods: they stay where they are"
		return 0
	fi
	if [[ $(kubectl_kubelet get node "$NODE_NAME" --output 'jsonpath={.spec.unschedulable}') != true ]]; then
		: >"$STATE/cordoned"
		kubectl_kubelet cordon "$NODE_NAME" >/dev/null
	fi
	while pods=$(pods_to_move) && [[ -n $pods ]]; do
		said=$(evict_all "$pods")
		((SECONDS < end)) ||
			fail "still has pods after $DRAIN_SECONDS s: ${pods//$'\n'/, }; ${said:-they do not end}. See to them, then run \`pulumi up\` again"
		sleep 2
	done
	say "is drained"
}

# other_places: the other nodes that take pods; only a control plane may ask.
other_places() {
	kubectl_admin get nodes --output 'jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable}{"\n"}{end}' |
		awk -v own="$NODE_NAME" '$1 != own && $2 != "true" {print $1}'
}

# pods_to_move: `namespace/name` of each that runs here, but those that belong to the node itself.
pods_to_move() {
	local phase owner pod
	kubectl_kubelet get pods --all-namespaces --field-selector "spec.nodeName=$NODE_NAME" --output \
		'jsonpath={range .items[*]}{.status.phase}{" "}{.metadata.namespace}/{.metadata.name}{" "}{.metadata.ownerReferences[0].kind}{"\n"}{end}' |
		while read -r phase pod owner; do
			[[ $phase == Succeeded || $phase == Failed || $owner == Node || $owner == DaemonSet ]] || printf '%s\n' "$pod"
		done
}

# evict_all PODS: ask each to go; what kept the last one that may not is printed.
evict_all() {
	local pod name said why=''
	while read -r pod; do
		name=${pod#*/}
		said=$(printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"}}' "$name" "${pod%/*}" |
			kubectl_kubelet create --raw "/api/v1/namespaces/${pod%/*}/pods/$name/eviction" --filename - 2>&1) || why="$pod: $said"
	done <<<"$1"
	printf '%s' "${why//$'\n'/ }"
}
