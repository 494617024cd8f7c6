using Quorate.Executor.Service;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;

// Standard input and output belong to the guard, which is this program's parent. Whatever else writes goes to standard error.
GuardClient guard = new(Console.OpenStandardInput(), Console.OpenStandardOutput());
Console.SetOut(Console.Error);

try
{
    return await RunAsync(guard, args);
}
catch (SettingsException failure)
{
    await Console.Error.WriteLineAsync($"quorate-executor: {failure.Message}");
    return 2;
}

static async Task<int> RunAsync(GuardClient guard, string[] args)
{
    await using GuardClient connection = guard;
    if (Environment.GetEnvironmentVariable("Quorate__Urls") is { Length: > 0 } urls)
    {
        WebApplicationBuilder web = ProgramBuilder.Web(args);
        web.WebHost.UseUrls(urls);
        Prepare(web, guard);
        await using WebApplication application = web.Build();
        application.MapQuorateHealth();
        application.MapQuorateMetrics();
        await application.RunAsync();
        return ExecutorHost.ExitCodeOf(application.Services);
    }

    HostApplicationBuilder builder = ProgramBuilder.Plain(args);
    Prepare(builder, guard);
    using IHost host = builder.Build();
    await host.RunAsync();
    return ExecutorHost.ExitCodeOf(host.Services);
}

static void Prepare(IHostApplicationBuilder builder, GuardClient guard)
{
    builder.Logging.ClearProviders();
    builder.Logging.AddQuorateConsole();
    builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    ExecutorHost.Configure(builder, guard);
}
