# The host's own firewall: the table of /etc/infraplatform/firewall.nft, loaded now and at every start of the host.
#
# /var/lib/infraplatform/firewall.nft     the rules that were found good, which the unit loads: a file that would lock
#                                         the operator out is never loaded by a restart either
# /var/lib/infraplatform/firewall.loaded  what tells the table apart from one that somebody changed

readonly FIREWALL_RULES=$STATE/firewall.nft
readonly FIREWALL_LOADED=$STATE/firewall.loaded
readonly FIREWALL_TABLE='inet infraplatform'
readonly FIREWALL_UNIT=infraplatform-firewall.service

host_firewall() {
	local given=$CONFIG/firewall.nft locked_out
	if [[ ! -f $given ]]; then
		remove_firewall
		return 0
	fi
	locked_out=$(locked_out)
	[[ -z $locked_out ]] || fail "$locked_out"
	nft --check --file "$given" || fail "nft refuses the rules of the host firewall (see above); update nftables and the kernel"
	firewall_unit
	if write "$FIREWALL_RULES" 0644 <"$given" || ! firewall_is_loaded; then
		systemctl reload-or-restart "$FIREWALL_UNIT" ||
			fail "the host firewall cannot be loaded; read \`journalctl -u $FIREWALL_UNIT\` on this host"
		firewall_digest >"$FIREWALL_LOADED"
		changed "loaded the host firewall"
	fi
}

# firewall_unit: before the network is there, and after what may flush all tables at the start of the host.
firewall_unit() {
	write "$ROOT/etc/systemd/system/$FIREWALL_UNIT" 0644 <<-UNIT || return 0
		[Unit]
		Description=infraplatform: who reaches this host
		DefaultDependencies=no
		RequiresMountsFor=${FIREWALL_RULES#"$ROOT"}
		Wants=network-pre.target
		After=nftables.service
		Before=network-pre.target shutdown.target
		Conflicts=shutdown.target

		[Service]
		Type=oneshot
		RemainAfterExit=yes
		ExecStart=$(command -v nft) --file ${FIREWALL_RULES#"$ROOT"}
		ExecReload=$(command -v nft) --file ${FIREWALL_RULES#"$ROOT"}
		ExecStop=-$(command -v nft) delete table $FIREWALL_TABLE

		[Install]
		WantedBy=sysinit.target
	UNIT
	systemctl daemon-reload
	systemctl enable --quiet "$FIREWALL_UNIT"
}

firewall_is_loaded() { [[ -s $FIREWALL_LOADED && $(firewall_digest) == "$(<"$FIREWALL_LOADED")" ]]; }

# firewall_digest: of the table as the kernel has it; nothing where it has none.
firewall_digest() {
	local table
	# shellcheck disable=SC2086  # a family and a name
	table=$(nft --stateless list table $FIREWALL_TABLE 2>/dev/null) || return 0
	sha256sum <<<"$table" | cut -d ' ' -f 1
}

remove_firewall() {
	[[ -f $FIREWALL_RULES ]] || return 0
	systemctl disable --quiet --now "$FIREWALL_UNIT" 2>/dev/null || true
	rm -f "$ROOT/etc/systemd/system/$FIREWALL_UNIT" "$FIREWALL_RULES" "$FIREWALL_LOADED"
	systemctl daemon-reload
	# shellcheck disable=SC2086  # a family and a name
	nft delete table $FIREWALL_TABLE 2>/dev/null || true
	changed "removed the host firewall"
}

# locked_out: why the session that this program runs in would not be let in again; nothing where it would, or where
# there is none.
locked_out() {
	local client port
	[[ -n ${FIREWALL_SSH_SOURCES:-} ]] || return 0
	read -r client _ _ port < <(ssh_session) || return 0
	# shellcheck disable=SC2086  # ranges
	in_ranges "$client" $FIREWALL_SSH_SOURCES || {
		printf 'this SSH session comes from %s, which the host firewall would lock out; add it to cluster.host_firewall.ssh_sources\n' "$client"
		return 0
	}
	[[ $port == "$FIREWALL_SSH_PORT" ]] ||
		printf 'this SSH session is at port %s of the host, and the host firewall would open %s; let sshd listen at the port of the settings\n' \
			"$port" "$FIREWALL_SSH_PORT"
}

# ssh_session: `client port server port` of the SSH session that this program runs in. sudo hides it from its children,
# so it is read of the processes above; status 1 where there is none.
ssh_session() {
	local pid=$PPID found=${SSH_CONNECTION:-}
	while [[ -z $found && ${pid:-0} -gt 1 ]]; do
		found=$(tr '\0' '\n' 2>/dev/null <"$ROOT/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=//p') || true
		pid=$(sed -n 's/^PPid:[[:space:]]*//p' "$ROOT/proc/$pid/status" 2>/dev/null) || true
	done
	[[ -n $found ]] && printf '%s\n' "$found"
}

# in_ranges ADDRESS RANGE...: whether an IPv4 address is in one of these; no other kind of address is.
in_ranges() {
	local address=$1 range bits
	shift
	[[ $address =~ ^[0-9.]+$ ]] || return 1
	for range; do
		bits=$((32 - ${range#*/}))
		(($(ipv4_number "$address") >> bits != $(ipv4_number "${range%/*}") >> bits)) || return 0
	done
	return 1
}

ipv4_number() {
	local a b c d
	IFS=. read -r a b c d <<<"$1"
	printf '%s\n' "$(((a << 24) + (b << 16) + (c << 8) + d))"
}

# findings_of_firewall: what would keep the rules from being loaded, or from meaning what they say.
findings_of_firewall() {
	local locked_out
	[[ -n ${FIREWALL_SSH_SOURCES:-} ]] || return 0
	has nft || finding "packages are missing: nftables (for nft); install them, or remove cluster.host_firewall"
	locked_out=$(locked_out)
	[[ -z $locked_out ]] || finding "$locked_out"
	! systemctl is-active --quiet firewalld || finding "firewalld runs, and drops what the host firewall lets in; disable it"
	! grep -qs '^ENABLED=yes' "$ROOT/etc/ufw/ufw.conf" || finding "ufw is on, and drops what the host firewall lets in; run \`ufw disable\`"
}

# status_of_firewall: loaded as it was, or drift.
status_of_firewall() {
	[[ -f $CONFIG/firewall.nft ]] || return 0
	if ! firewall_is_loaded; then
		printf '%s\n' "drift: the host firewall is not loaded as it was; run \`systemctl reload-or-restart $FIREWALL_UNIT\`"
		return 1
	fi
	if ! cmp -s "$CONFIG/firewall.nft" "$FIREWALL_RULES"; then
		printf '%s\n' "drift: the host firewall is not the one of the configuration; run \`pulumi up\`"
		return 1
	fi
	printf 'host firewall: loaded\n'
}
