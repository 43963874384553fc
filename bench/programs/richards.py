"""Richards-like: an operating system's scheduler simulated with classes, queues and state bits."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
KIND_DEVICE, KIND_WORK = 0, 1
BUFFER = 4


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * BUFFER

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, ident, priority, queue, waiting=False, pending=False):
        self.system = system
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.pending = pending or queue is not None
        self.waiting = waiting
        self.holding = False
        system.add(self)

    def is_blocked(self):
        return self.holding or (not self.pending and self.waiting)

    def take(self):
        packet = None
        if self.waiting and self.pending:
            packet = self.queue
            self.queue = packet.link
            self.pending = self.queue is not None
            self.waiting = False
        return self.run(packet)

    def receive(self, packet, sender):
        if self.queue is None:
            self.queue = packet
            self.pending = True
            if self.priority > sender.priority:
                return self
        else:
            packet.append_to(self.queue)
        return sender

    def wait(self):
        self.waiting = True
        return self


class IdleTask(Task):
    def __init__(self, system, count):
        super().__init__(system, IDLE, 0, None)
        self.control = 1
        self.count = count

    def run(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.system.hold(self)
        if self.control & 1 == 0:
            self.control //= 2
            return self.system.release(DEVICE_A, self)
        self.control = self.control // 2 ^ 0xD008
        return self.system.release(DEVICE_B, self)


class WorkTask(Task):
    def __init__(self, system, priority, queue):
        super().__init__(system, WORKER, priority, queue, waiting=True)
        self.destination = HANDLER_A
        self.count = 0

    def run(self, packet):
        if packet is None:
            return self.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.ident = self.destination
        packet.datum = 0
        for i in range(BUFFER):
            self.count += 1
            if self.count > 26:
                self.count = 1
            packet.data[i] = 64 + self.count
        return self.system.send(packet, self)


class HandlerTask(Task):
    def __init__(self, system, ident, priority, queue):
        super().__init__(system, ident, priority, queue, waiting=True)
        self.work = None
        self.devices = None

    def run(self, packet):
        if packet is not None:
            if packet.kind == KIND_WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= BUFFER:
            self.work = work.link
            return self.system.send(work, self)
        device = self.devices
        if device is None:
            return self.wait()
        self.devices = device.link
        device.datum = work.data[work.datum]
        work.datum += 1
        return self.system.send(device, self)


class DeviceTask(Task):
    def __init__(self, system, ident, priority):
        super().__init__(system, ident, priority, None, waiting=True)
        self.held = None

    def run(self, packet):
        if packet is None:
            packet = self.held
            if packet is None:
                return self.wait()
            self.held = None
            return self.system.send(packet, self)
        self.held = packet
        return self.system.hold(self)


class System:
    def __init__(self):
        self.tasks = []
        self.table = [None] * 6
        self.holds = 0
        self.sent = 0

    def add(self, task):
        self.tasks.insert(0, task)
        self.table[task.ident] = task

    def send(self, packet, sender):
        task = self.table[packet.ident]
        self.sent += 1
        packet.link = None
        packet.ident = sender.ident
        return task.receive(packet, sender)

    def hold(self, task):
        self.holds += 1
        task.holding = True
        following = self.tasks.index(task) + 1
        return self.tasks[following] if following < len(self.tasks) else None

    def release(self, ident, sender):
        task = self.table[ident]
        task.holding = False
        return task if task.priority > sender.priority else sender

    def schedule(self):
        place, tasks = 0, self.tasks
        task = tasks[0]
        while task is not None:
            if task.is_blocked():
                place = tasks.index(task) + 1
                task = tasks[place] if place < len(tasks) else None
            else:
                task = task.take()


def run(count):
    system = System()
    IdleTask(system, count)
    work = Packet(Packet(None, 0, KIND_WORK), 0, KIND_WORK)
    WorkTask(system, 1000, work)
    for ident, device, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        queue = None
        for _ in range(3):
            queue = Packet(queue, device, KIND_DEVICE)
        HandlerTask(system, ident, priority, queue)
    DeviceTask(system, DEVICE_A, 4000)
    DeviceTask(system, DEVICE_B, 5000)
    system.schedule()
    return system.sent, system.holds


print([run(n) for n in (1000, 10_000, 60_000)])
