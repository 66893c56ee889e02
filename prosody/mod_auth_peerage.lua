-- People sign in at Prosody with the password of the directory: Peerage is asked for each one.
-- Wants Prosody 0.12 or newer. docs/logins.md says how to set it up.

local async = require "util.async";
local http = require "net.http";
local json = require "util.json";
local new_sasl = require "util.sasl".new;

local url = module:get_option_string("peerage_url", "http://127.0.0.1:8080"):gsub("/+$", "");
-- Not wanted where login.systems of Peerage has the address of this server.
local token = module:get_option_string("peerage_token");
-- Several directories: the domain of those who have accounts on this host.
local domain = module:get_option_string("peerage_domain");

local provider = {};

local function ask(path, question)
	local wait, done = async.waiter();
	local status, answer;
	http.request(url .. path, {
		method = "POST";
		body = json.encode(question);
		headers = {
			["Content-Type"] = "application/json";
			Authorization = token and ("Bearer " .. token) or nil;
		};
	}, function (body, code)
		status, answer = code, body and json.decode(body);
		done();
	end);
	wait();
	return status, type(answer) == "table" and answer or {};
end

local function login_name(username)
	return domain and (username .. "@" .. domain) or username;
end

function provider.test_password(username, password)
	local question = { name = login_name(username), password = password };
	local status, answer = ask("/auth/check", question);
	if status == 200 then
		-- An alias or a mail address would be an address of its own here: only the user name counts.
		if type(answer.user) == "string" and answer.user:lower() == username then return true; end
		module:log("info", "%s is not the user name of who has that password", username);
		return nil, "Auth failed. Use your user name.";
	end
	if status ~= 403 then
		module:log("warn", "Peerage did not answer at %s: %s %s", url, status, answer.error or "");
		return nil, "The directory does not answer.";
	end
	return nil, answer.error;
end

function provider.user_exists(username)
	-- Outside a session nothing can be waited for.
	if not async.ready() then return true; end
	return (ask("/auth/exists", { name = login_name(username) })) == 200;
end

function provider.get_password() return nil, "Passwords stay in the directory."; end
function provider.set_password() return nil, "Change the password in the directory."; end
function provider.create_user() return nil, "Add people in the directory."; end
function provider.delete_user() return nil, "Remove people in the directory."; end

function provider.get_sasl_handler()
	return new_sasl(module.host, {
		plain_test = function (_, username, password)
			return provider.test_password(username, password), true;
		end;
	});
end

module:provides("auth", provider);
