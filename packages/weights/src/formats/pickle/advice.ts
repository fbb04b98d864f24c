/** Modules that run commands or code: what names them was made to do harm. */
const harmful =
  /^(os|posix|nt|sys|subprocess|shutil|socket|builtins|__builtin__|runpy|importlib|pty|commands|code|ctypes|pickle|webbrowser|operator|functools|inspect|marshal)\./

/** What to do about a pickle that gives a name outside the list. */
export function adviceFor(path: string): string {
  if (harmful.test(path)) {
    return (
      'loading this file in Python could run code of its maker: do not, and fetch the checkpoint again, as safetensors, ' +
      'from a source that you trust'
    )
  }
  return (
    'it holds Python objects, perhaps a whole model, and not tensors alone: in Python, where the file is trusted, ' +
    're-save it with torch.save(model.state_dict(), …) or as safetensors'
  )
}
