-- HAProxy asks Sekisho by forward-auth for each request: `http-request lua.sekisho` in haproxy.cfg. Whatever goes wrong, nothing is let through.

-- From /var/lib/sekisho/forward-auth.key: no client knows it, so none can ask in HAProxy's place.
local KEY = "THE-KEY"

-- Each is set to the answer's, or removed where the answer has nothing. `cookie` is the app's own cookies alone.
local IDENTITY = { "remote-user", "remote-groups", "remote-email", "remote-name", "sekisho-assertion", "cookie" }

-- Of the request's own fields these are about the connection and its body; the question has none of either.
local NOT_ASKED = {
	["connection"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["te"] = true, ["trailer"] = true,
	["transfer-encoding"] = true, ["content-length"] = true, ["expect"] = true, ["host"] = true,
}

-- Values of a field, whose table counts from 0.
local function values(field)
	local found, index = {}, 0
	while field and field[index] ~= nil do
		found[#found + 1] = field[index]
		index = index + 1
	end
	return found
end

-- The answer, or nothing where there is none.
local function ask(txn)
	local question = {}
	for name, field in pairs(txn.http:req_get_headers()) do
		if not NOT_ASKED[name] then
			question[name] = values(field)
		end
	end
	question["sekisho-proxy-key"] = { KEY }
	question["x-forwarded-method"] = { txn.sf:method() }
	question["x-forwarded-uri"] = { txn.sf:pathq() }
	return core.httpclient():get({
		url = "http://auth.example.com/.sekisho/forward-auth",
		dst = "abns@sekisho-questions",
		headers = question,
	})
end

-- Says by `txn.sekisho` what became of it: `passed`, `refused`, or nothing at all. HAProxy goes on after an error in a
-- script, so haproxy.cfg lets only `passed` through.
core.register_action("sekisho", { "http-req" }, function(txn)
	local asked, answer = pcall(ask, txn)
	if not asked then
		core.Alert("sekisho.lua: " .. tostring(answer))
	end
	if not asked or not answer or (answer.status or 0) < 200 or answer.status >= 500 then
		return
	end
	if answer.status ~= 200 then
		txn.http:req_set_header("Sekisho-Proxy-Key", KEY)
		txn.http:req_set_header("Sekisho-Ask", "refusal")
		txn.http:req_set_header("X-Forwarded-Method", txn.sf:method())
		txn.http:req_set_header("X-Forwarded-Uri", txn.sf:pathq())
		txn:set_var("txn.sekisho", "refused")
		return
	end
	for _, name in ipairs(IDENTITY) do
		local told = values(answer.headers[name])[1]
		txn.http:req_del_header(name)
		if told and told ~= "" then
			txn.http:req_set_header(name, told)
		end
	end
	txn:set_var("txn.sekisho", "passed")
end)
