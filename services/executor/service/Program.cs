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
    await Console.Error.WriteAsync("quorate-executor: ");
    return await ProgramRun.RefuseAsync(Console.Error, failure);
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
        return ExitCodeOf(await ProgramRun.RunAsync(application, "executor"), application.Services);
    }

    HostApplicationBuilder builder = ProgramBuilder.Plain(args);
    Prepare(builder, guard);
    IHost host = builder.Build();
    await using IAsyncDisposable disposal = (IAsyncDisposable)host; // as every host is; its bus has to be disposed so
    return ExitCodeOf(await ProgramRun.RunAsync(host, "executor"), host.Services);
}

// Whoever could not start has left nothing cleanly.
static int ExitCodeOf(int run, IServiceProvider services) => run == 0 ? ExecutorHost.ExitCodeOf(services) : run;

static void Prepare(IHostApplicationBuilder builder, GuardClient guard)
{
    builder.Logging.ClearProviders();
    builder.Logging.AddQuorateConsole();
    builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    ExecutorHost.Configure(builder, guard);
}
