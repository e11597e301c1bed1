package io.github.lwm2mcreds.store;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Values found by endpoint and by identity, without an object for each: {@link Records}, and one
 * {@link Slots} table that leads to them. A record whose identity is its endpoint has one slot,
 * another has two; a search compares the key it looks for, so slots need no mark of which they are.
 *
 * <p>There is one writer at a time, kept so by the caller; readers take no lock and never wait. A
 * value is wiped only <em>after</em> no slot leads to it any more, so a reader that copied one
 * checks that its slot has not changed, and searches again if it has. Growing replaces the {@link
 * State}; readers of the old one notice by the same check.
 */
final class CompactTable {
  /** A record's content, copied. */
  record Entry(byte[] endpoint, byte[] identity, byte[] value) {
    void wipe() {
      Arrays.fill(value, (byte) 0);
    }
  }

  private record State(Records records, Slots slots) {
    boolean matches(int ref, byte[] key, Key kind) {
      return kind == Key.ENDPOINT ? records.hasEndpoint(ref, key) : records.hasIdentity(ref, key);
    }

    /** The record of an endpoint, or 0; for the writer, who need not check again. */
    int find(byte[] endpoint) {
      int hash = Slots.hash(endpoint);
      for (int i = slots.first(hash); ; i = slots.next(i)) {
        long slot = slots.get(i);
        if (slot == Slots.EMPTY) {
          return 0;
        }
        if (Slots.leadsBy(hash, slot) && records.hasEndpoint(Slots.ref(slot), endpoint)) {
          return Slots.ref(slot);
        }
      }
    }

    /** The record that a slot leads to by its endpoint; 0 if there is none, or by its identity. */
    int refByEndpoint(int index) {
      while (true) {
        long slot = slots.get(index);
        int ref = Slots.ref(slot);
        if (ref == 0 || slots.indexOf(Slots.hash(records.endpoint(ref)), ref) == index) {
          return ref;
        }
        if (slots.get(index) == slot) {
          return 0; // else the record was replaced while it was looked for
        }
      }
    }
  }

  private enum Key {
    ENDPOINT,
    IDENTITY
  }

  /** Makes of a record that was found what the caller wants. */
  private interface Reader<T> {
    T read(Records records, int ref, byte[] value);
  }

  private static final Reader<byte[]> VALUE = (records, ref, value) -> value;
  private static final Reader<Entry> ENTRY =
      (records, ref, value) -> new Entry(records.endpoint(ref), records.identity(ref), value);

  private volatile State state = new State(new Records(), new Slots());
  private volatile int size;

  int size() {
    return size;
  }

  /** Copies the value that belongs to an identity; null if there is none. */
  byte[] valueOfIdentity(byte[] identity) {
    return search(identity, Key.IDENTITY, VALUE);
  }

  /** Copies the record that has an identity; null if there is none. */
  Entry findByIdentity(byte[] identity) {
    return search(identity, Key.IDENTITY, ENTRY);
  }

  /** Copies the record of an endpoint; null if there is none. */
  Entry findByEndpoint(byte[] endpoint) {
    return search(endpoint, Key.ENDPOINT, ENTRY);
  }

  private <T> T search(byte[] key, Key kind, Reader<T> reader) {
    int hash = Slots.hash(key);
    while (true) {
      State now = state;
      Slots slots = now.slots;
      int index = slots.first(hash);
      long slot = slots.get(index);
      while (slot != Slots.EMPTY
          && !(Slots.leadsBy(hash, slot) && now.matches(Slots.ref(slot), key, kind))) {
        index = slots.next(index);
        slot = slots.get(index);
      }
      byte[] value = slot == Slots.EMPTY ? null : now.records.value(Slots.ref(slot));
      VarHandle.loadLoadFence();
      if (state == now && slots.get(index) == slot) {
        return value == null ? null : reader.read(now.records, Slots.ref(slot), value);
      }
      if (value != null) {
        Arrays.fill(value, (byte) 0); // it may have been wiped while it was copied
      }
    }
  }

  /**
   * Gives an endpoint its record, instead of the one it may have. The caller has made sure that the
   * identity belongs to no other endpoint, and that nothing is longer than 255 bytes.
   */
  void put(byte[] endpoint, byte[] identity, byte[] value) {
    makeRoom();
    Records records = state.records;
    Slots slots = state.slots;
    int previous = state.find(endpoint);
    int ref = records.append(endpoint, identity, value);
    int hash = Slots.hash(endpoint);
    if (previous == 0) {
      if (!Arrays.equals(identity, endpoint)) {
        slots.insert(Slots.hash(identity), ref);
      }
      slots.insert(hash, ref);
      size = size + 1;
      return;
    }
    // The endpoint's own slot is changed in one step, so that it is found at any time; its new
    // identity is found before that, and its old one until after.
    byte[] previousIdentity = records.identity(previous);
    boolean sameIdentity = Arrays.equals(identity, previousIdentity);
    if (!Arrays.equals(identity, endpoint)) {
      if (sameIdentity) {
        slots.replace(Slots.hash(identity), previous, ref);
      } else {
        slots.insert(Slots.hash(identity), ref);
      }
    }
    slots.replace(hash, previous, ref);
    if (!sameIdentity && !Arrays.equals(previousIdentity, endpoint)) {
      slots.remove(Slots.hash(previousIdentity), previous);
    }
    VarHandle.storeStoreFence();
    records.retire(previous);
  }

  /** Takes an endpoint's record away; does nothing if it has none. */
  void remove(byte[] endpoint) {
    Slots slots = state.slots;
    int ref = state.find(endpoint);
    if (ref == 0) {
      return;
    }
    byte[] identity = state.records.identity(ref);
    slots.remove(Slots.hash(endpoint), ref);
    if (!Arrays.equals(identity, endpoint)) {
      slots.remove(Slots.hash(identity), ref);
    }
    VarHandle.storeStoreFence();
    state.records.retire(ref);
    size = size - 1;
  }

  private void makeRoom() {
    State now = state;
    if (now.records.isWasteful()) {
      compact(now);
    } else if (now.slots.isCrowded()) {
      state = new State(now.records, now.slots.rehashed());
    }
  }

  /** Copies what is live into new chunks, and then wipes the values in the old ones. */
  private void compact(State old) {
    CompactTable copy = new CompactTable();
    for (int i = 0; i < old.slots.length(); i++) {
      int ref = old.refByEndpoint(i);
      if (ref != 0) {
        byte[] value = old.records.value(ref);
        copy.put(old.records.endpoint(ref), old.records.identity(ref), value);
        Arrays.fill(value, (byte) 0);
      }
    }
    state = copy.state;
    VarHandle.storeStoreFence();
    for (int i = 0; i < old.slots.length(); i++) {
      int ref = old.refByEndpoint(i);
      if (ref != 0) {
        old.records.wipeValue(ref);
      }
    }
  }

  /** Goes through the records there are; what is put or removed meanwhile may be seen or not. */
  Iterator<Entry> iterator() {
    return new Entries(state);
  }

  private final class Entries implements Iterator<Entry> {
    private final State snapshot;
    private int index;
    private Entry next;

    Entries(State snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public boolean hasNext() {
      while (next == null && index < snapshot.slots.length()) {
        int ref = snapshot.refByEndpoint(index++);
        if (ref != 0) {
          next = findByEndpoint(snapshot.records.endpoint(ref));
        }
      }
      return next != null;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry result = next;
      next = null;
      return result;
    }
  }
}
