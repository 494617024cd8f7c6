using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Access;
using Quorate.Tests.Integration.Cli;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Quorate.Tests.Integration.Access;

/// <summary>What the broker lets each user do, asked of the broker. The virtual host has no programs, only the exchanges that were imported.</summary>
[Collection(BrokerWithUsers.Collection)]
public sealed class When_the_broker_has_users(BrokerWithUsers broker)
{
    private const string VirtualHost = "matrix";

    public static TheoryData<string> Users => ["quorum", "scheduler", "executor.n1", "rmtab", "operator", "observer"];

    [Fact]
    public void Both_ways_of_importing_end_well_and_tell_no_password()
    {
        Assert.All([broker.ByControl, broker.ByManagement], end =>
        {
            Assert.True(end.Code == 0, end.Error);
            Assert.All(Passwords(), password => Assert.DoesNotContain(password, end.Output + end.Error, StringComparison.Ordinal));
        });
        Assert.Contains("(new)", broker.ByControl.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("(new)", broker.ByManagement.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_secret_is_in_a_file_that_only_its_owner_reads()
    {
        string[] files = [.. Directory.GetFiles(broker.Secrets).Order(StringComparer.Ordinal)];

        Assert.Equal(
            ["executor.n1", "executor.n2.b", "observer", "operator", "quorum", "rmtab", "scheduler"], files.Select(file => Path.GetFileName(file)));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode));
        Assert.All(Passwords(), password => Assert.Equal(43, password.Length));
        Assert.Equal(files.Length, Passwords().Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_user_publishes_what_is_its_own_to_say_and_nothing_else(string user)
    {
        await using AmqpUser party = await AmqpUser.ConnectAsync(broker.AddressOf(user, VirtualHost));
        List<string> different = [];
        foreach (BusRoute route in BusTraffic.Routes)
        {
            if (await party.MayPublishAsync(BrokerWithUsers.Prefix + route.Message) != (!route.IsSent && route.Senders.Contains(PartyOf(user))))
            {
                different.Add(route.Message);
            }
        }

        Assert.Empty(different);
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_user_hears_what_is_said_to_it_and_nothing_else(string user)
    {
        await using AmqpUser party = await AmqpUser.ConnectAsync(broker.AddressOf(user, VirtualHost));
        string queue = $"{BrokerWithUsers.Prefix}{user}.{Guid.NewGuid():N}";
        List<string> different = [];
        foreach (BusRoute route in BusTraffic.Routes)
        {
            if (await party.MaySubscribeAsync(BrokerWithUsers.Prefix + route.Message, queue) != (route.Receivers.Contains(PartyOf(user)) && !IsAnswer(route)))
            {
                different.Add(route.Message);
            }
        }

        Assert.Empty(different);
    }

    /// <summary>It goes to the queue that a person named, and has no exchange of its own.</summary>
    private static bool IsAnswer(BusRoute route) => route.IsSent && route.Receivers.Contains(BusParty.Operator);

    [Theory]
    [InlineData("operator", "scheduler.v1")]
    [InlineData("observer", "scheduler.v1")]
    [InlineData("operator", "observer.somebody")]
    [InlineData("executor.n1", "executor.n2.b.0123456789abcdef0123456789abcdef")]
    [InlineData("executor.n1", "scheduler.v1")]
    [InlineData("quorum", "scheduler.v1_error")]
    [InlineData("rmtab", "quorum.v1")]
    public async Task The_queue_of_another_is_neither_read_nor_made_nor_written(string user, string queue)
    {
        await using AmqpUser party = await AmqpUser.ConnectAsync(broker.AddressOf(user, VirtualHost));

        Assert.False(await party.MayAsync(channel => channel.BasicGetAsync(BrokerWithUsers.Prefix + queue, autoAck: true)));
        Assert.False(await party.MayAsync(channel => channel.QueueDeclareAsync(BrokerWithUsers.Prefix + queue, durable: false, exclusive: true, autoDelete: true)));
        Assert.False(await party.MayPublishAsync(BrokerWithUsers.Prefix + queue));
        // The exchange without a name leads to every queue; who answers needs it, for the queues that askers name.
        bool answers = PartyOf(user) is BusParty.Quorum or BusParty.Scheduler;
        Assert.Equal(answers, await party.MayAsync(async channel => await channel.BasicPublishAsync("", BrokerWithUsers.Prefix + queue, "{}"u8.ToArray())));
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("observer")]
    public async Task A_person_has_queues_of_its_own_and_those_without_a_name(string user)
    {
        await using AmqpUser person = await AmqpUser.ConnectAsync(broker.AddressOf(user, VirtualHost));
        string exchange = $"{BrokerWithUsers.Prefix}{nameof(ServiceTransitioned)}";

        Assert.True(await person.MaySubscribeAsync(exchange, ""));
        Assert.True(await person.MayAsync(async channel =>
        {
            await channel.BasicConsumeAsync("amq.rabbitmq.reply-to", autoAck: true, new AsyncEventingBasicConsumer(channel));
        }));
        Assert.False(await person.MayAsync(channel => channel.ExchangeDeleteAsync(exchange)));
        Assert.False(await person.MaySubscribeAsync("amq.fanout", ""));
    }

    [Fact]
    public async Task Another_cluster_of_the_same_broker_is_out_of_reach()
    {
        await using AmqpUser scheduler = await AmqpUser.ConnectAsync(broker.AddressOf("scheduler", VirtualHost));

        Assert.False(await scheduler.MayAsync(channel => channel.QueueDeclareAsync("acmex.scheduler.v1")));
        Assert.False(await scheduler.MayAsync(channel => channel.QueueDeclareAsync("scheduler.v1")));
    }

    [Fact]
    public async Task A_password_is_replaced_when_that_is_asked_for_and_the_old_one_counts_no_more()
    {
        string before = broker.AddressOf("rmtab", VirtualHost);
        string other = broker.AddressOf("quorum", VirtualHost);

        CommandEnd end = await broker.UsersAsync(VirtualHost, "--management", broker.Management, "--rotate", "rmtab");

        Assert.True(end.Code == 0, end.Error);
        Assert.Contains("(rotated)", end.Output, StringComparison.Ordinal);
        Assert.NotEqual(before, broker.AddressOf("rmtab", VirtualHost));
        Assert.Equal(other, broker.AddressOf("quorum", VirtualHost));
        await (await AmqpUser.ConnectAsync(broker.AddressOf("rmtab", VirtualHost))).DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => AmqpUser.ConnectAsync(before));
    }

    [Fact]
    public async Task A_wrong_administrator_is_told_so()
    {
        CommandEnd end = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["QUORATE_MANAGEMENT_PASSWORD"] = "not-the-password" },
            "broker", "users", "--secrets", Path.Combine(broker.Root, "others"), "--management", broker.Management);

        Assert.Equal(1, end.Code);
        Assert.Contains("its password is wrong, or it has no tag 'administrator'", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-password", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Printed_definitions_hold_every_user_and_no_password()
    {
        CommandEnd end = await broker.UsersAsync("printed", "--print");

        Assert.Equal(0, end.Code);
        Assert.Contains("\"password_hash\"", end.Output, StringComparison.Ordinal);
        Assert.Equal(7, end.Output.Split("\"hashing_algorithm\"").Length - 1);
        Assert.All(Passwords(), password => Assert.DoesNotContain(password, end.Output + end.Error, StringComparison.Ordinal));
    }

    private static BusParty PartyOf(string user) => Enum.Parse<BusParty>(user.Split('.')[0], ignoreCase: true);

    private string[] Passwords() => [.. Directory.GetFiles(broker.Secrets).Select(file => new Uri(File.ReadAllText(file).Trim()).UserInfo.Split(':')[1])];
}
