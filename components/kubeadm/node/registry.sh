# The cluster's own registry, and how this host reaches any. REGISTRY is the own one's `name:port`, or not
# there; where it is another than distribution, REGISTRY_NAMESPACE is where it is, and REGISTRY_DEPLOYMENT what reads
# its certificate.

readonly REGISTRY_RENEW_DAYS=120

# registry_hosts: what the runtime reads of registries, and the own one's name.
registry_hosts() {
	of_runtime registries
	registry_name
}

# registry_name: every node answers for the own registry at a port of its own, so the name means this host.
registry_name() {
	local mark='# infraplatform: the registry'
	if [[ -n ${REGISTRY:-} ]]; then
		hosts_entry "${REGISTRY%:*}" "$NODE_ADDRESS" "$mark"
	elif grep -q "$mark\$" "$ROOT/etc/hosts"; then
		write "$ROOT/etc/hosts" 0644 < <(grep -v "$mark\$" "$ROOT/etc/hosts") || true
	fi
}

# registry_certificate: signed by the cluster's CA where there is none, where it ends soon, has another name or was
# signed by another CA. The key is made here and is nowhere but in the cluster.
registry_certificate() {
	local folder name namespace=${REGISTRY_NAMESPACE:-infraplatform-registry} reader=${REGISTRY_DEPLOYMENT:-registry}
	[[ -n ${REGISTRY:-} ]] || return 0
	name=${REGISTRY%:*}
	folder=$(mktemp -d "$SECRETS/.registry-XXXXXX")
	kubectl_admin -n "$namespace" get secret registry-certificate --ignore-not-found \
		--output 'jsonpath={.data.tls\.crt}' | base64 -d >"$folder/old.crt"
	registry_certificate_is_good "$folder/old.crt" "$name" || {
		sign_registry_certificate "$folder" "$name"
		kubectl_admin -n "$namespace" create secret tls registry-certificate --cert "$folder/tls.crt" \
			--key "$folder/tls.key" --dry-run=client --output yaml |
			kubectl_admin apply --server-side --force-conflicts --field-manager infraplatform --filename - >/dev/null ||
			fail "the registry's certificate cannot be stored; see the message above"
		changed "signed a certificate for $name"
		# It is read when the registry starts.
		[[ ! -s $folder/old.crt ]] ||
			kubectl_admin -n "$namespace" rollout restart deployment "$reader" >/dev/null
	}
	rm -rf "$folder"
}

# registry_certificate_is_good FILE NAME
registry_certificate_is_good() {
	[[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend "$((REGISTRY_RENEW_DAYS * 86400))" >/dev/null &&
		openssl verify -CAfile "$KUBERNETES/pki/ca.crt" -verify_hostname "$2" "$1" >/dev/null 2>&1
}

# sign_registry_certificate FOLDER NAME: FOLDER/tls.crt and FOLDER/tls.key, for a year.
sign_registry_certificate() {
	local folder=$1 name=$2
	(
		umask 077
		openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$folder/tls.key" \
			-subj "/CN=infraplatform:registry" -out "$folder/tls.csr" 2>/dev/null
		printf '%s\n' "subjectAltName=DNS:$name" 'extendedKeyUsage=serverAuth' 'keyUsage=critical,digitalSignature' \
			'basicConstraints=critical,CA:FALSE' >"$folder/extensions"
		openssl x509 -req -in "$folder/tls.csr" -CA "$KUBERNETES/pki/ca.crt" -CAkey "$KUBERNETES/pki/ca.key" \
			-set_serial "0x$(openssl rand -hex 16)" -days 365 -sha256 -extfile "$folder/extensions" \
			-out "$folder/tls.crt" 2>/dev/null
	) || fail "the registry's certificate cannot be signed; see that /etc/kubernetes/pki/ca.key is the cluster's"
}
