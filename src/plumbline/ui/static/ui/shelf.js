// What waits on this device for the network, by page and worker alike: one row a form. {id, url, page, who, title, at, fields, told, refused, begun, opened}
// `id` is the name under which it is sent, so that it arrives once; `begun`: typed and not sent yet; `opened`: being corrected. Passwords and tokens never come here.
self.plumblineShelf = (() => {
  const NOT_KEPT = ["csrfmiddlewaretoken", "_once"];
  let opened = null; // kept open: a page that is left has no time to open it
  const open = () => {
    opened ||= new Promise((done, failed) => {
      const asked = indexedDB.open("plumbline", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("later", { keyPath: "id" });
      asked.onsuccess = () => { asked.result.onclose = () => { opened = null; }; done(asked.result); };
      asked.onerror = () => { opened = null; failed(asked.error); };
    });
    return opened;
  };
  const store = async (mode, act) => {
    const work = (await open()).transaction("later", mode);
    const asked = act(work.objectStore("later"));
    return new Promise((done, failed) => {
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  };
  return {
    all: () => store("readonly", (rows) => rows.getAll()),
    put: (row) => store("readwrite", (rows) => rows.put(row)),
    drop: (id) => store("readwrite", (rows) => rows.delete(id)),
    fields: (content) => [...content.entries()].filter(([name, value]) => !NOT_KEPT.includes(name) && !(value instanceof File && !value.size)),
  };
})();
