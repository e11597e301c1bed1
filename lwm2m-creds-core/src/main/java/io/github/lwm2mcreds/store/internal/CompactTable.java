// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.PskIdentity;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
public final class CompactTable {
  /** Makes of a record what the caller wants. */
  public interface Reader<T> {
    /**
     * Reads a record.
     *
     * @param value a copy that belongs to the reader
     * @return never null
     */
    T read(String endpoint, PskIdentity pskIdentity, byte[] value);
  }

  private record State(Records records, Slots slots) {
    boolean matches(int ref, byte[] key, Key kind) {
      return kind == Key.ENDPOINT ? records.hasEndpoint(ref, key) : records.hasIdentity(ref, key);
    }

    /** The slot that leads to a record by its endpoint or identity; the empty one if none does. */
    int find(byte[] key, Key kind) {
      int hash = Slots.hash(key);
      int index = slots.first(hash);
      long slot = slots.get(index);
      while (slot != Slots.EMPTY
          && !(Slots.leadsBy(hash, slot) && matches(Slots.ref(slot), key, kind))) {
        index = slots.next(index);
        slot = slots.get(index);
      }
      return index;
    }

    /** The record of an endpoint or identity, or 0. */
    int refOf(byte[] key, Key kind) {
      while (true) {
        int ref = Slots.ref(slots.get(find(key, kind)));
        if (ref == 0 || matches(ref, key, kind)) {
          return ref;
        } // else the slot was taken by another in between
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

  private volatile State state = new State(new Records(), new Slots());
  private volatile int size;

  public int size() {
    return size;
  }

  /** Returns a copy of the value of an identity; null if no record has it. */
  public byte[] valueOf(PskIdentity pskIdentity) {
    return search(pskIdentity.toBytes(), Key.IDENTITY, (records, ref, value) -> value);
  }

  /** Returns the endpoint whose record has an identity; null if none has it. */
  public String endpointOf(PskIdentity pskIdentity) {
    State now = state; // names are never overwritten, so there is nothing to check again
    int ref = now.refOf(pskIdentity.toBytes(), Key.IDENTITY);
    return ref == 0 ? null : new String(now.records.endpoint(ref), UTF_8);
  }

  /** Returns the identity of an endpoint's record; null if it has none. */
  public PskIdentity identityOf(String endpoint) {
    State now = state;
    int ref = now.refOf(Names.bytes(endpoint), Key.ENDPOINT);
    return ref == 0 ? null : PskIdentity.ofBytes(now.records.identity(ref));
  }

  /** Reads the record that has an identity; null if there is none. */
  public <T> T findByIdentity(PskIdentity pskIdentity, Reader<T> reader) {
    return search(
        pskIdentity.toBytes(),
        Key.IDENTITY,
        (records, ref, value) ->
            reader.read(new String(records.endpoint(ref), UTF_8), pskIdentity, value));
  }

  /** Reads the record of an endpoint; null if there is none. */
  public <T> T findByEndpoint(String endpoint, Reader<T> reader) {
    return findByEndpoint(Names.bytes(endpoint), endpoint, reader);
  }

  private <T> T findByEndpoint(byte[] name, String endpoint, Reader<T> reader) {
    return search(
        name,
        Key.ENDPOINT,
        (records, ref, value) ->
            reader.read(endpoint, PskIdentity.ofBytes(records.identity(ref)), value));
  }

  /** Makes the result of a record that was found. */
  private interface Result<T> {
    T of(Records records, int ref, byte[] value);
  }

  private <T> T search(byte[] key, Key kind, Result<T> result) {
    while (true) {
      State now = state;
      int index = now.find(key, kind);
      long slot = now.slots.get(index);
      int ref = Slots.ref(slot);
      byte[] value = ref == 0 ? null : now.records.value(ref);
      VarHandle.loadLoadFence();
      if (state == now
          && now.slots.get(index) == slot
          && (ref == 0 || now.matches(ref, key, kind))) {
        return value == null ? null : result.of(now.records, ref, value);
      }
      if (value != null) {
        Arrays.fill(value, (byte) 0); // it may have been wiped while it was copied
      }
    }
  }

  /**
   * Stores an endpoint's record and replaces the one it may have. The caller has made sure that the
   * identity belongs to no other endpoint.
   *
   * @param value at most 255 bytes; copied
   */
  public void put(String endpoint, PskIdentity pskIdentity, byte[] value) {
    put(endpoint.getBytes(UTF_8), pskIdentity.toBytes(), value);
  }

  /** Does the same with bytes, which are copied. */
  public void put(byte[] endpoint, byte[] identity, byte[] value) {
    makeRoom();
    Records records = state.records;
    Slots slots = state.slots;
    int previous = state.refOf(endpoint, Key.ENDPOINT);
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

  /** Removes an endpoint's record; does nothing if it has none. */
  public void remove(String endpoint) {
    byte[] name = Names.bytes(endpoint);
    Slots slots = state.slots;
    int ref = state.refOf(name, Key.ENDPOINT);
    if (ref == 0) {
      return;
    }
    byte[] identity = state.records.identity(ref);
    slots.remove(Slots.hash(name), ref);
    if (!Arrays.equals(identity, name)) {
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

  /** Reads all records, in no particular order; what is put or removed meanwhile may be missed. */
  public <T> Stream<T> stream(Reader<T> reader) {
    State snapshot = state;
    return IntStream.range(0, snapshot.slots.length())
        .map(snapshot::refByEndpoint)
        .filter(ref -> ref != 0)
        .mapToObj(snapshot.records::endpoint)
        .map(name -> findByEndpoint(name, new String(name, UTF_8), reader))
        .filter(Objects::nonNull);
  }

  /** Reads all records in the order of their endpoints' bytes, which costs a copy of these. */
  public <T> Stream<T> inOrder(Reader<T> reader) {
    State snapshot = state;
    List<byte[]> names = new ArrayList<>(size);
    for (int i = 0; i < snapshot.slots.length(); i++) {
      int ref = snapshot.refByEndpoint(i);
      if (ref != 0) {
        names.add(snapshot.records.endpoint(ref));
      }
    }
    names.sort(Arrays::compareUnsigned);
    return IntStream.range(0, names.size())
        .filter(i -> i == 0 || !Arrays.equals(names.get(i - 1), names.get(i))) // removed and put
        .mapToObj(names::get)
        .map(name -> findByEndpoint(name, new String(name, UTF_8), reader))
        .filter(Objects::nonNull);
  }
}
