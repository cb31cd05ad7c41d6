# PEAL_SANITIZE is a list of -fsanitize= names; it holds for everything in the tree, Asio's object included.
if(PEAL_SANITIZE)
  list(JOIN PEAL_SANITIZE "," _peal_sanitize)
  add_compile_options(-fsanitize=${_peal_sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${_peal_sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-error=maybe-uninitialized)  # instrumented code confuses GCC's flow analysis
    if("thread" IN_LIST PEAL_SANITIZE)
      add_compile_options(-Wno-tsan)  # atomic_thread_fence inside Asio
    endif()
  endif()
endif()
