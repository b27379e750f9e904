# Keys of the control planes: service accounts' tokens are signed by one and verified by all, secrets are written by one
# and read by all. A new key is accepted everywhere (`accept`) before any control plane uses it (`member`).

# verb_accept NEWEST: the newest key for secrets is named only so that the operator's command differs.
verb_accept() {
	load_node
	if [[ -f $STATE/member ]]; then
		receive_secrets take_accepted_keys "${1:-}"
		restart_readers
	else
		cat >/dev/null
	fi
	finished accept
}

# take_accepted_keys NEWEST FOLDER: what is in use stays in use. Where the newest writes already, only old ones go.
take_accepted_keys() {
	local newest=$1 sent=$2/etc/kubernetes/pki name
	for name in $(key_names "$KUBERNETES/pki/encryption.yaml"); do
		[[ $'\n'$(key_names "$sent/encryption.yaml")$'\n' == *$'\n'"$name"$'\n'* || $(cluster_noted encryption-key) == "$newest" ]] ||
			fail "secrets may still be written by $name; keep its name in cluster.rotate.encryption_keys for one more \`pulumi up\`"
	done
	write "$KUBERNETES/pki/sa.pub" 0644 <"$sent/sa.pub" || true
	[[ $(key_names "$KUBERNETES/pki/encryption.yaml" | head -n 1) == "key$newest" ]] ||
		write "$KUBERNETES/pki/encryption.yaml" 0600 <"$sent/encryption.yaml" || true
}

# key_names FILE: of the keys for secrets, the one that writes first.
key_names() { grep -oE '"name": *"[^"]+"' "$1" | cut -d '"' -f 4; }

# rewrite_secrets: the last control plane has every secret written by the newest key, once all of them write by it.
rewrite_secrets() {
	local newest=${ENCRYPTION_KEYS##* } namespace
	[[ -n $newest && $NODE_NAME == "$(highest_control_plane)" && $(cluster_noted encryption-key) != "$newest" ]] || return 0
	for namespace in $(kubectl_admin get namespaces --output 'jsonpath={.items[*].metadata.name}'); do
		# A secret that somebody changes meanwhile is refused here, and was written by the newest key by that.
		wait_until 120 "secrets of $namespace" rewrite_secrets_of "$namespace" ||
			fail "secrets of $namespace cannot be written anew; run \`kubectl -n $namespace get secrets\`, then \`pulumi up\` again"
	done
	note_in_cluster encryption-key "$newest"
	changed "wrote all secrets by the key $newest"
}

rewrite_secrets_of() {
	[[ -z $(kubectl_admin -n "$1" get secrets --output name) ]] ||
		kubectl_admin -n "$1" get secrets --output json | kubectl_admin -n "$1" replace --filename -
}

# highest_control_plane: the last one whose turn it is.
highest_control_plane() {
	local entry
	for entry in $CONTROL_PLANES; do printf '%s\n' "${entry%%=*}"; done | sort | tail -n 1
}
