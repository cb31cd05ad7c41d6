#include "core.hpp"

namespace peal::inline v0::dialog {

struct UaCore::State {
  State(UaCore& self, transport::Runtime& runtime, UaUser& user, UaOptions options)
      : core(self, runtime, user, std::move(options)) {}
  Core core;
};

UaCore::UaCore(transport::Runtime& runtime, UaUser& user, UaOptions options)
    : state_(std::make_unique<State>(*this, runtime, user, std::move(options))) {}
UaCore::~UaCore() = default;

transaction::TransactionLayer& UaCore::transactions() noexcept { return state_->core.transactions(); }
transport::TransportLayer& UaCore::transport() noexcept { return state_->core.transport(); }
transport::Runtime& UaCore::runtime() noexcept { return state_->core.runtime(); }

Result<void> UaCore::install(std::unique_ptr<Module> module) { return state_->core.install(std::move(module)); }
void UaCore::remove(std::string_view name) { state_->core.remove(name); }
Module* UaCore::find_module(std::string_view name) noexcept { return state_->core.find_module(name); }
const std::string& UaCore::allow() const noexcept { return state_->core.allow(); }
const std::string& UaCore::supported() const noexcept { return state_->core.supported(); }
const std::string& UaCore::accept() const noexcept { return state_->core.accept(); }

Request UaCore::make_request(const NewRequest& request) { return state_->core.make_request(request); }

Result<std::unique_ptr<OutgoingRequest>> UaCore::send(Request request, RequestOptions options, OutgoingUser& user) {
  return state_->core.send(std::move(request), std::move(options), user);
}

Result<InviteSession*> UaCore::invite(Request request, InviteOptions options, SessionUser& user) {
  return state_->core.invite(std::move(request), std::move(options), user);
}

Result<transport::Packet> UaCore::respond(transaction::ServerId id, const Response& response) {
  Response edited(response);
  return state_->core.respond(id, edited);
}

Response UaCore::make_response(const Request& request, StatusCode code) {
  return state_->core.make_response(request, code);
}

Result<NameAddr> UaCore::contact_for(const transport::Target& target, std::string_view user) {
  return state_->core.contact_for(target, user);
}

UaCounters UaCore::counters() const noexcept { return state_->core.counters(); }

}  // namespace peal::inline v0::dialog
