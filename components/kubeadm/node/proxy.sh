# Each node reaches the API through itself, so that no control plane's end takes nodes along: where the endpoint is a
# name, the name means this host here. A worker has haproxy at that port before all control planes; a control plane
# means its own API server. haproxy is the distribution's package: where it is missing, or where the endpoint is an
# address, nodes use the endpoint as everybody does.

readonly HAPROXY_PID=/run/infraplatform-api-proxy.pid

api_proxy() {
	local host=${API_ENDPOINT%:*} port=${API_ENDPOINT##*:}
	[[ ! $host =~ ^[0-9.]+$ ]] || return 0
	if is_control_plane && [[ $port == "$API_PORT" ]]; then
		hosts_entry "$host" "$(own_or_living_control_plane)"
	elif has haproxy; then
		proxy_service < <(proxy_configuration "$port")
		hosts_entry "$host" 127.0.0.1
	fi
}

# own_or_living_control_plane: before this host's own API server runs, one that answers.
own_or_living_control_plane() {
	local entry
	if [[ ! -f $STATE/member ]]; then
		while read -r entry; do
			if api_answers "${entry#*=}"; then
				printf '%s\n' "${entry#*=}"
				return
			fi
		done < <(other_control_planes)
	fi
	printf '%s\n' "$NODE_ADDRESS"
}

# api_answers ADDRESS: whether an API server lives there. /livez is open to all.
api_answers() {
	[[ $(curl --silent --insecure --noproxy '*' --max-time 4 "https://$1:$API_PORT/livez" || true) == ok ]]
}

# api_ready ADDRESS: whether it also knows by now who may do what. /readyz is open to all.
api_ready() {
	[[ $(curl --silent --insecure --noproxy '*' --max-time 4 "https://$1:$API_PORT/readyz" || true) == ok ]]
}

# api_steady ADDRESS: ready for ten seconds on end. A kubelet that was restarted may start it anew a moment later.
api_steady() {
	local second
	for second in {1..10}; do
		api_ready "$1" || return 1
		((second == 10)) || sleep 1
	done
}

# hosts_entry NAME ADDRESS [MARK]: the line of /etc/hosts that ends with the mark is ours.
hosts_entry() {
	local mark=${3:-# infraplatform: the API endpoint}
	write "$ROOT/etc/hosts" 0644 < <(
		grep -v "$mark\$" "$ROOT/etc/hosts" || true
		printf '%s %s %s\n' "$2" "$1" "$mark"
	) || true
}

proxy_configuration() {
	local entry
	cat <<-HAPROXY
		global
		    maxconn 4000
		defaults
		    mode tcp
		    timeout connect 5s
		    # as long as a watch may be silent
		    timeout client 15m
		    timeout server 15m
		    timeout check 5s
		frontend api
		    bind 127.0.0.1:$1
		    default_backend control-planes
		backend control-planes
		    balance roundrobin
		    option httpchk GET /livez
		    http-check expect status 200
		    # The check asks only whether it lives; who it is, the client's own TLS verifies.
		    default-server check check-ssl verify none inter 3s fall 2 rise 1 on-marked-down shutdown-sessions
	HAPROXY
	for entry in $CONTROL_PLANES; do printf '    server %s %s:%s\n' "${entry%%=*}" "${entry#*=}" "$API_PORT"; done
}

# proxy_service: standard input is haproxy's configuration.
proxy_service() {
	local configuration=$ROOT/etc/haproxy/infraplatform-api-proxy.cfg new=''
	write "$configuration" 0644 && new=yes
	unit infraplatform-api-proxy.service <<-UNIT
		[Unit]
		Description=The Kubernetes API at this node's own loopback address
		Wants=network-online.target
		After=network-online.target
		Before=kubelet.service

		[Service]
		ExecStart=$(command -v haproxy) -Ws -f ${configuration#"$ROOT"} -p $HAPROXY_PID
		ExecReload=/bin/kill -USR2 \$MAINPID
		Type=notify
		Restart=always
		RestartSec=2

		[Install]
		WantedBy=multi-user.target
	UNIT
	# A reload hands open connections over to the old process until they end.
	[[ -z $new ]] || systemctl reload-or-restart infraplatform-api-proxy.service
}
