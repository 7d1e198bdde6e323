-- Apache asks Sekisho by forward-auth for each request: `LuaHookAccessChecker` in apache.conf. Whatever goes wrong, nothing
-- is let through: an error of this script is answered with 500, a gateway that does not answer with 503.

-- From /var/lib/sekisho/forward-auth.key: no client knows it, so none can ask in Apache's place.
local KEY = "THE-KEY"
local APP = "app.example.com"
local GATEWAY = { address = "127.0.0.1", port = 9443, name = "auth.example.com" }
local AUTHORITY = "/etc/apache2/tls/authority.pem"
local SECONDS = 5

local socket = require "socket"
local ssl = require "ssl"

-- What a client may not say, in any spelling that an app could take for it: names by which apps know their user, here or
-- elsewhere, the address, and proxies' words.
local RESERVED = {}
for name in ([[
	remote-user remote-groups remote-email remote-name
	x-forwarded-user x-forwarded-groups x-forwarded-email x-forwarded-preferred-username x-forwarded-access-token
	x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-port x-forwarded-server
	x-forwarded-uri x-forwarded-method x-original-uri x-original-method forwarded
]]):gmatch("%S+") do
	RESERVED[name] = true
end

local BEGINNINGS = { "sekisho-", "auth-user", "x-auth-user", "x-auth-request-", "x-authenticated-", "x-remote-", "x-webauth-" }

-- Each is set to the answer's, or removed where the answer has nothing. `Cookie` is the app's own cookies alone.
local IDENTITY = { "Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name", "Sekisho-Assertion", "Cookie" }

-- Of the request's own fields these are about the connection and its body; the question has none of either.
local NOT_ASKED = {
	["connection"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["te"] = true, ["trailer"] = true,
	["transfer-encoding"] = true, ["content-length"] = true, ["expect"] = true, ["host"] = true, ["upgrade"] = true,
}

local function is_reserved(name)
	local normal = name:lower():gsub("[^a-z0-9]", "-"):gsub("^http%-", "")
	for _, beginning in ipairs(BEGINNINGS) do
		if normal:sub(1, #beginning) == beginning then
			return true
		end
	end
	return RESERVED[normal] ~= nil
end

-- Whether the certificate is the gateway's: LuaSec looks at its chain, not at its names.
local function is_gateways(certificate)
	local names = (certificate:extensions()["2.5.29.17"] or {}).dNSName or {}
	for _, name in ipairs(names) do
		if name:lower() == GATEWAY.name or name:lower() == "*." .. GATEWAY.name:gsub("^[^.]+%.", "") then
			return true
		end
	end
	return false
end

local kept -- this thread's connection to the gateway

local function connect()
	local tcp = assert(socket.tcp())
	tcp:settimeout(SECONDS)
	assert(tcp:connect(GATEWAY.address, GATEWAY.port))
	local tls = assert(ssl.wrap(tcp, {
		mode = "client", protocol = "any", options = { "all", "no_sslv2", "no_sslv3", "no_tlsv1", "no_tlsv1_1" },
		verify = { "peer", "fail_if_no_peer_cert" }, cafile = AUTHORITY,
	}))
	tls:settimeout(SECONDS)
	tls:sni(GATEWAY.name)
	assert(tls:dohandshake())
	if not is_gateways(tls:getpeercertificate()) then
		tls:close()
		error("the certificate is not one of " .. GATEWAY.name)
	end
	return tls
end

-- Status and fields of the answer; nothing where the connection ended first.
local function exchange(tls, question)
	if not tls:send(question) then
		return nil
	end
	local line = tls:receive("*l")
	local status = line and tonumber(line:match("^HTTP/1%.1 (%d%d%d)"))
	if not status then
		return nil
	end
	local fields = {}
	while true do
		line = tls:receive("*l")
		if not line then
			return nil
		end
		line = line:gsub("\r$", "")
		if line == "" then
			break
		end
		local name, value = line:match("^([^:]+):%s*(.-)%s*$")
		if name then
			fields[name:lower()] = value
		end
	end
	local length = tonumber(fields["content-length"] or "")
	if not length or (fields["connection"] or ""):lower():find("close") or (length > 0 and not tls:receive(length)) then
		tls:close()
		kept = nil
	end
	return status, fields
end

-- Asks by the connection that is kept, and once more by a new one where it has ended in the meantime.
local function answer_to(question)
	if kept then
		local status, fields = exchange(kept, question)
		if status then
			return status, fields
		end
		kept:close()
	end
	kept = connect()
	local status, fields = exchange(kept, question)
	if not status then
		kept:close()
		kept = nil
		error("the gateway ended the connection")
	end
	return status, fields
end

local function question_of(r)
	local lines = {
		"GET /.sekisho/forward-auth HTTP/1.1",
		"Host: " .. GATEWAY.name,
		"Sekisho-Proxy-Key: " .. KEY,
		"X-Forwarded-Method: " .. r.method,
		"X-Forwarded-Uri: " .. r.unparsed_uri,
		"X-Forwarded-Host: " .. (r.headers_in["Host"] or ""),
		"X-Forwarded-For: " .. r.useragent_ip,
	}
	for name, value in pairs(r:headers_in_table()) do
		if not NOT_ASKED[name:lower()] then
			for _, one in ipairs(type(value) == "table" and value or { value }) do
				lines[#lines + 1] = name .. ": " .. one
			end
		end
	end
	return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

-- Apache joins a second Cookie line to the first by a comma (RFC 9113 §8.2.3 has a semicolon).
local function mend_cookies(r)
	local cookie = r.headers_in["Cookie"]
	if cookie and cookie:find(",", 1, true) then
		r.headers_in["Cookie"] = cookie:gsub(",%s*(__Host%-sekisho)", "; %1"):gsub("(__Host%-sekisho[%w%-]*=[%w_%-%.]*),%s*", "%1; ")
	end
end

function ask(r)
	-- What comes for this app, under its name: the gateway is asked about the app that the client names.
	if (r.headers_in["Host"] or ""):lower():gsub(":%d*$", "") ~= APP then
		return 421
	end
	mend_cookies(r)
	-- A client's `Connection` does not name the gateway's words as fields that end here.
	local websocket = (r.headers_in["Upgrade"] or ""):lower() == "websocket"
	r.headers_in["Connection"] = websocket and "Upgrade" or nil
	for name in pairs(r:headers_in_table()) do
		if is_reserved(name) then
			r.headers_in[name] = nil
		end
	end
	if r.uri == "/.sekisho/callback" or r.uri == "/.sekisho/whoami" or r.uri == "/.sekisho/sign-out" then
		return apache2.DECLINED
	end
	if r.uri:lower():find("^/%.sekisho/") or r.uri:lower() == "/.sekisho" then
		return 404
	end
	local asked, status, fields = pcall(answer_to, question_of(r))
	if not asked then
		r:err("sekisho: " .. tostring(status))
		kept = nil
		return 503
	end
	if status == 200 then
		for _, name in ipairs(IDENTITY) do
			local told = fields[name:lower()]
			r.headers_in[name] = told ~= "" and told or nil
		end
		return apache2.DECLINED
	end
	-- The redirect, the problem document, the page: asked for once more, and handed on as it is. Nothing that the app would
	-- get is in that answer, whatever has changed in between.
	r.headers_in["Sekisho-Proxy-Key"] = KEY
	r.headers_in["Sekisho-Ask"] = "refusal"
	r.headers_in["X-Forwarded-Method"] = r.method
	r.headers_in["X-Forwarded-Uri"] = r.unparsed_uri
	r.filename = "proxy:https://" .. GATEWAY.address .. ":" .. GATEWAY.port .. "/.sekisho/forward-auth"
	r.args = ""
	return apache2.DECLINED
end
