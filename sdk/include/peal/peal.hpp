#pragma once

/// Everything a program usually needs.
#include <peal/account.hpp>
#include <peal/call.hpp>
#include <peal/co.hpp>
#include <peal/config.hpp>
#include <peal/explain.hpp>
#include <peal/user_agent.hpp>
#include <peal/user_agent_handler.hpp>
#include <peal/version.hpp>
