#include "location.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace peal::inline v0::registrar {

namespace {

bool newer(std::string_view known_call_id, std::uint32_t known_cseq, std::string_view call_id, std::uint32_t cseq) {
  return known_call_id != call_id || cseq > known_cseq;
}

/// "0.7" → 700; nothing said counts as 1 (RFC 3261 §16.6 step 1 leaves it open, §20.10 orders by it).
int thousandths(std::string_view q) {
  if (q.empty() || q.front() == '1') return 1000;
  int out = 0;
  for (std::size_t i = 2; i < 5; ++i) out = out * 10 + (i < q.size() ? q[i] - '0' : 0);
  return out;
}

}  // namespace

Location::Outcome Location::update(const std::string& aor, std::string_view call_id, std::uint32_t cseq,
                                   const std::vector<Change>& changes) {
  const auto known = addresses_.find(aor);
  const Bindings none;
  const auto& bindings = known == addresses_.end() ? none : known->second;
  auto find = [&](const Change& change) {
    return std::ranges::find_if(bindings,
                                [&](const auto& b) { return equivalent(b->contact.view(), change.contact.view()); });
  };

  std::size_t added = 0;
  for (const auto& change : changes) {
    const auto binding = find(change);
    if (binding == bindings.end())
      added += change.expires.count() > 0 ? 1U : 0U;
    else if (!newer((*binding)->call_id, (*binding)->cseq, call_id, cseq))
      return Outcome::out_of_order;
  }
  if (bindings.size() + added > max_bindings_) return Outcome::full;
  if (added > 0 && known == addresses_.end() && addresses_.size() >= max_addresses_) return Outcome::full;

  for (const auto& change : changes) {
    if (change.expires.count() == 0) {
      remove(aor, change.contact.view());
      continue;
    }
    auto& all = addresses_[aor];
    auto at =
        std::ranges::find_if(all, [&](const auto& b) { return equivalent(b->contact.view(), change.contact.view()); });
    if (at == all.end()) {
      at = all.insert(all.end(), std::make_unique<Binding>(*this, aor));
      (*at)->age = ++next_age_;
      ++bindings_;
    }
    auto& binding = **at;
    binding.contact = change.contact;
    binding.q = change.q;
    binding.call_id = call_id;
    binding.cseq = cseq;
    binding.expires_at = timers_.now() + change.expires;
    timers_.arm(binding.timer, change.expires);
  }
  return Outcome::done;
}

Location::Outcome Location::remove_all(const std::string& aor, std::string_view call_id, std::uint32_t cseq) {
  const auto known = addresses_.find(aor);
  if (known == addresses_.end()) return Outcome::done;
  for (const auto& binding : known->second)
    if (!newer(binding->call_id, binding->cseq, call_id, cseq)) return Outcome::out_of_order;
  bindings_ -= known->second.size();
  addresses_.erase(known);
  return Outcome::done;
}

std::vector<RegistrarBinding> Location::find(const std::string& aor) const {
  std::vector<RegistrarBinding> out;
  const auto known = addresses_.find(aor);
  if (known == addresses_.end()) return out;
  std::vector<const Binding*> sorted;
  for (const auto& binding : known->second) sorted.push_back(binding.get());
  std::ranges::sort(sorted, [](const Binding* a, const Binding* b) {
    return std::tuple(thousandths(a->q), a->age) > std::tuple(thousandths(b->q), b->age);
  });
  for (const auto* binding : sorted) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(binding->expires_at - timers_.now());
    out.push_back(
        {binding->contact, binding->q, std::max(left, std::chrono::seconds(0)), binding->call_id, binding->cseq});
  }
  return out;
}

void Location::expire(Binding& binding) {
  const auto aor = binding.aor;  // they go with the binding
  const auto contact = binding.contact;
  remove(aor, contact.view());
}

void Location::remove(const std::string& aor, const UriView& contact) {
  const auto known = addresses_.find(aor);
  if (known == addresses_.end()) return;
  bindings_ -= std::erase_if(known->second, [&](const auto& b) { return equivalent(b->contact.view(), contact); });
  if (known->second.empty()) addresses_.erase(known);
}

}  // namespace peal::inline v0::registrar
