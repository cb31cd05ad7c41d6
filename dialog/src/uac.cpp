#include "core.hpp"
#include "route_set.hpp"

#include <algorithm>

namespace peal::inline v0::dialog {

/// What UaCore::send gives: a flight and whom it tells.
class Outgoing final : public OutgoingRequest, public FlightUser {
 public:
  Outgoing(Core& core, Request request, Uri next_hop, RequestOptions options, OutgoingUser& user)
      : core_(&core), user_(user), add_contact_(options.add_contact), contact_user_(std::move(options.contact_user)) {
    flight_ = std::make_unique<Flight>(core, std::move(request), std::move(next_hop), options.credentials, *this);
  }
  ~Outgoing() override {
    if (core_ != nullptr) core_->forget(*this);
  }
  void start() { flight_->start(); }
  void belong_to(Dialog& dialog, Lifetime::Watch owner) {
    dialog_ = &dialog;
    owner_ = std::move(owner);
  }
  /// The core goes away.
  void orphan() {
    if (flight_) last_ = std::move(flight_->request());
    flight_.reset();
    core_ = nullptr;
  }
  [[nodiscard]] const Request& request() const noexcept override { return flight_ ? flight_->request() : last_; }

 private:
  void before_attempt(Flight&, Request& request, const transport::Target& target) override {
    if (!add_contact_) return;
    if (auto contact = core_->contact_for(target, contact_user_)) request.set(header::contact, *contact);
  }
  std::uint32_t next_cseq(Flight&, std::uint32_t last) override {
    return dialog_ != nullptr && owner_.alive() ? dialog_->next_local_cseq() : last + 1;
  }
  void on_provisional(Flight&, const Response& response, const transport::Flow&) override {
    user_.on_provisional(response);
  }
  void on_final(Flight&, const Response* response, const Cause& cause) override {
    last_ = std::move(flight_->request());
    flight_.reset();  // nothing is in flight any more, however long the user keeps the handle; and the core may go now
    user_.on_final(response, cause);
  }

  Core* core_;
  OutgoingUser& user_;
  bool add_contact_;
  std::string contact_user_;
  Dialog* dialog_ = nullptr;
  Lifetime::Watch owner_;  // of the dialog
  std::unique_ptr<Flight> flight_;
  Request last_;
};

OutgoingRequest::~OutgoingRequest() = default;

void Core::forget(Outgoing& outgoing) { std::erase(outgoing_, &outgoing); }

void Core::orphan_last() {
  auto* outgoing = outgoing_.back();
  outgoing_.pop_back();
  outgoing->orphan();
}

Request Core::make_request(const UaCore::NewRequest& wanted) {
  auto target = wanted.target;
  target.strip_for_request_uri();
  Request request(wanted.method, target.view());
  request.set(header::from, wanted.from);
  request.set(header::to, wanted.to.empty() ? NameAddr(target.view()) : wanted.to);
  complete(request);
  return request;
}

/// §8.1.1: what a request cannot do without, where it is not there yet.
void Core::complete(Request& request) {
  auto& random = runtime_.random();
  if (!request.has(header::max_forwards)) request.set(header::max_forwards, Number{70});
  if (request.has(header::from) && request.from_tag().empty()) {
    NameAddr from(request.from());
    (void)from.set_param("tag", random.token(16));
    request.set(header::from, from);
  }
  if (!request.has(header::call_id)) (void)request.set(header::call_id, std::string_view(random.token(26)));
  if (!request.has(header::cseq))
    request.set(header::cseq, CSeq{static_cast<std::uint32_t>(1 + random.below(1'000'000)), request.method()});
}

Result<std::unique_ptr<OutgoingRequest>> Core::send(Request request, RequestOptions options, OutgoingUser& user) {
  const auto method = request.method();
  if (method.empty() || method == method::invite || method == method::ack || method == method::cancel)
    return fail(peal::errc::invalid_value);
  if (!request.has(header::from) || !request.has(header::to)) return fail(peal::errc::invalid_value);
  complete(request);
  auto next_hop = route_out(request, options.routes);
  auto outgoing = std::make_unique<Outgoing>(*this, std::move(request), std::move(next_hop), std::move(options), user);
  outgoing_.push_back(outgoing.get());
  outgoing->start();
  return std::unique_ptr<OutgoingRequest>(std::move(outgoing));
}

std::unique_ptr<OutgoingRequest> Core::send_in(Dialog& dialog, Lifetime::Watch owner, Request request,
                                               CredentialSource* credentials, OutgoingUser& user) {
  RequestOptions options;
  options.credentials = credentials;
  auto outgoing = std::make_unique<Outgoing>(*this, std::move(request), dialog.next_hop(), std::move(options), user);
  outgoing->belong_to(dialog, std::move(owner));
  outgoing_.push_back(outgoing.get());
  outgoing->start();
  return outgoing;
}

/// §8.1.2: the pre-loaded route set, or the Route that the application wrote itself.
Uri Core::route_out(Request& request, const std::vector<NameAddr>& routes) {
  std::vector<NameAddr> set = routes;
  if (set.empty()) {
    request.each(header::route, [&](const auto& route) {
      if (route) set.emplace_back(*route);
    });
  }
  std::vector<NameAddrView> views(set.begin(), set.end());
  const Uri target(request.uri());
  return apply_route_set(request, views, target.view());
}

}  // namespace peal::inline v0::dialog
