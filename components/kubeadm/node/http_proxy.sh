# Hosts behind an HTTP proxy: node.env has HTTP_PROXY, HTTPS_PROXY and NO_PROXY, which no program sees unless it is here.

# proxied COMMAND...: with the proxies in its environment; curl reads the first in small letters only.
proxied() {
	env ${HTTP_PROXY:+"http_proxy=$HTTP_PROXY"} ${HTTPS_PROXY:+"HTTPS_PROXY=$HTTPS_PROXY"} \
		${NO_PROXY:+"NO_PROXY=$NO_PROXY"} "$@"
}

# proxy_drop_in UNIT: the same for a service. The caller reloads systemd and restarts what changed.
proxy_drop_in() {
	local file=$ROOT/etc/systemd/system/$1.service.d/infraplatform-proxy.conf key
	if [[ -z ${HTTP_PROXY:-}${HTTPS_PROXY:-} ]]; then
		[[ ! -e $file ]] || { rm -f "$file"; changed "removed ${file#"$ROOT"}"; }
		return 0
	fi
	write "$file" 0644 < <(
		printf '[Service]\n'
		for key in HTTP_PROXY HTTPS_PROXY NO_PROXY; do
			[[ -z ${!key:-} ]] || printf 'Environment="%s=%s"\n' "$key" "${!key}"
		done
	) || true
}
